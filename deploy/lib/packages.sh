# shellcheck shell=bash disable=SC2034,SC2154
# Debian packages; sourced, not run. Needs common.sh.

# What a build needs in addition to Swift, and what the Swift toolchain itself needs.
build_packages=(
  ca-certificates git pkg-config libsqlite3-dev libpq-dev libssl-dev zlib1g-dev
  binutils gcc libc6-dev libstdc++-12-dev libcurl4 libncurses6 libxml2 tzdata
)
test_packages=(make postgresql python3 python3-venv)
lint_packages=(git python3 python3-venv shellcheck)
# For the web UI tests: the browser, and a font for it.
browser_packages=(chromium fonts-dejavu-core)

# Installs the packages that are missing; does nothing, quietly, if all are installed.
install_packages() {
  local package missing=()
  for package; do
    [ "$(dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || die "apt-get not found. Install the equivalents of these Debian packages: ${missing[*]}."
  say "Installing ${missing[*]}"
  as_root apt-get update --quiet=2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet=2 --no-install-recommends "${missing[@]}"
}
