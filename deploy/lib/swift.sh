# shellcheck shell=bash
# The Swift toolchain and what is built with it; sourced, not run. Needs common.sh.

swift_minimum=6.2

# Ends the script, telling how to get Swift, unless a new enough one is there.
need_swift() {
  # Where swiftly puts it, for shells that were started before it was installed.
  local swiftly=${SWIFTLY_BIN_DIR:-$HOME/.local/share/swiftly/bin}
  if ! command -v swift >/dev/null && [ -x "$swiftly/swift" ]; then PATH=$swiftly:$PATH; fi
  local version=none
  if command -v swift >/dev/null; then
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' | head -n 1) || true
  fi
  if [ "$(printf '%s\n' "$swift_minimum" "$version" | sort --version-sort | head -n 1)" = "$swift_minimum" ] \
    && [ "$version" != none ]; then
    return
  fi
  cat >&2 <<END
error: Swift $swift_minimum or newer is needed (found: ${version:-unknown}).

Get it with swiftly, Swift's own installer (https://www.swift.org/install/linux/):

    curl -O https://download.swift.org/swiftly/linux/swiftly-\$(uname -m).tar.gz
    tar zxf swiftly-\$(uname -m).tar.gz && ./swiftly init --assume-yes

then run this script again.
END
  exit 1
}

# Builds the repository's package; further arguments go to `swift build`.
build() { swift build --package-path "$repository" "$@"; }

# Prints the folder with the executables of a release build.
release_folder() { build --configuration release --show-bin-path; }
