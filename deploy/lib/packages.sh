# shellcheck shell=bash
# Debian's packages; sourced, not run. Needs common.sh.

# What a build needs beside Swift, and what Swift's own programs need.
build_packages=(
  ca-certificates git pkg-config libsqlite3-dev libpq-dev zlib1g-dev
  binutils gcc libc6-dev libstdc++-12-dev libcurl4 libncurses6 libxml2 tzdata
)
test_packages=(postgresql python3 python3-venv)
# For the tests of the web UI: the browser, and a font for what it draws.
browser_packages=(chromium fonts-dejavu-core)

# Installs those of the packages that are missing; quick and silent when none is.
install_packages() {
  local package missing=()
  for package; do
    [ "$(dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || die "this system has no apt-get; install what corresponds to: ${missing[*]}"
  say "Installing ${missing[*]}"
  as_root apt-get update --quiet=2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet=2 --no-install-recommends "${missing[@]}"
}
