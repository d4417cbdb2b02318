# shellcheck shell=bash disable=SC2034,SC2154
# Shared setup of the scripts in deploy/; sourced, not run.
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# Everything created outside the repository, such as Python environments.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/unladen

# Announces the next step.
say() { printf '\n==> %s\n' "$*" >&2; }

# Exits with a message and, as the second argument, an exit status.
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
    die "This command requires root or sudo: $*"
  fi
}
