# shellcheck shell=bash disable=SC2034,SC2154
# The Swift toolchain and the package's builds; sourced, not run. Needs common.sh and packages.sh.

# The interface of adapters uses @c (SE-0495), which Swift 6.3 introduced.
swift_minimum=6.3
swiftly_url=https://download.swift.org/swiftly/linux/swiftly-$(uname -m).tar.gz
# What swiftly and the toolchain's installation need.
swiftly_packages=(ca-certificates curl gnupg tar)

# Makes sure that a recent enough Swift is on the PATH. If it isn't, offers to install it; --yes (assume_yes=1) accepts without asking.
# Exits with instructions if Swift is still missing.
require_swift() {
  # Where swiftly installs it, for shells that were started before the installation.
  local swiftly=${SWIFTLY_BIN_DIR:-$HOME/.local/share/swiftly/bin}
  if ! command -v swift >/dev/null && [ -x "$swiftly/swift" ]; then PATH=$swiftly:$PATH; fi
  if has_swift; then return; fi
  cat >&2 <<END
Swift $swift_minimum or later is required (found: $(swift_version)).

This script can install it with swiftly, Swift's own installer (https://www.swift.org/install/linux/): it downloads swiftly and the
latest release of Swift, whose signature swiftly verifies, to ~/.local/share/swiftly (about 3 GB), and adds a line to your shell's
profile.
END
  if ! confirm "Install Swift now?"; then
    die "Swift $swift_minimum or later is required. To install it, run this script with --yes, or follow https://www.swift.org/install/"
  fi
  install_swift || die "The installation of Swift failed. See https://www.swift.org/install/ for other ways."
  PATH=$swiftly:$PATH
  has_swift || die "The installed Swift ($(swift_version)) is older than $swift_minimum."
}

# Prints the version of the Swift on the PATH, or "none".
swift_version() {
  local version=
  if command -v swift >/dev/null; then
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' | head -n 1) || true
  fi
  printf '%s\n' "${version:-none}"
}

# Whether a recent enough Swift is on the PATH.
has_swift() {
  local version
  version=$(swift_version)
  [ "$version" != none ] \
    && [ "$(printf '%s\n' "$swift_minimum" "$version" | sort --version-sort | head -n 1)" = "$swift_minimum" ]
}

# Asks for a yes; without a terminal, the reply is no.
confirm() {
  local reply=
  [ -z "${assume_yes-}" ] || return 0
  [ -t 0 ] || return 1
  read -r -p "$1 [y/N] " reply >&2 || true
  [[ $reply = [Yy]* ]]
}

install_swift() {
  say "Installing Swift"
  (install_packages "${swiftly_packages[@]}") || return
  local directory status=0
  directory=$(mktemp --directory) || return
  curl --fail --silent --show-error --location "$swiftly_url" | tar --extract --gzip --directory "$directory" \
    && "$directory/swiftly" init --assume-yes --quiet-shell-followup >&2 || status=$?
  rm -rf "$directory"
  return "$status"
}

# Omits what only debuggers need, which takes a tenth of a build. All builds must have the same flags, or they rebuild everything.
build_flags=(-debug-info-format none)

# Builds the package; additional arguments go to `swift build`. The executables of a release contain Swift's libraries (Package.swift).
build() { UNLADEN_STATIC_STDLIB=1 swift build --package-path "$repository" "${build_flags[@]}" "$@"; }

# Prints the directory with the executables of a release build.
release_directory() { build --configuration release --show-bin-path; }
