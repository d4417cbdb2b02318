# shellcheck shell=bash
# What all scripts in deploy/ begin with; sourced, not run.
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# Everything that is made outside of the repository, such as Python environments.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/unladen

# Tells what happens now.
say() { printf '\n==> %s\n' "$*" >&2; }

# Ends the script with a reason and, as the second argument, a code.
die() {
  printf 'error: %s\n' "$1" >&2
  exit "${2:-1}"
}

# Runs a command as root.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "root or sudo is needed to run: $*"
  fi
}
