# shellcheck shell=bash disable=SC2034,SC2154
# The Swift toolchain and the package's builds; sourced, not run. Needs common.sh.

swift_minimum=6.2

# Exits with installation instructions unless a recent enough Swift is installed.
require_swift() {
  # Where swiftly installs it, for shells that were started before the installation.
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
error: Swift $swift_minimum or later is required (found: ${version:-unknown}).

Install it with swiftly, Swift's own installer (https://www.swift.org/install/linux/):

    curl -O https://download.swift.org/swiftly/linux/swiftly-\$(uname -m).tar.gz
    tar zxf swiftly-\$(uname -m).tar.gz && ./swiftly init --assume-yes

then run this script again.
END
  exit 1
}

# Builds the package; additional arguments go to `swift build`. The executables of a release contain Swift's libraries (Package.swift).
build() { UNLADEN_STATIC_STDLIB=1 swift build --package-path "$repository" "$@"; }

# Prints the folder with the executables of a release build.
release_folder() { build --configuration release --show-bin-path; }
