# shellcheck shell=bash disable=SC2034,SC2154
# Named steps, which all run even if one fails, and a summary at the end; sourced, not run. Needs common.sh.

steps=()
failures=0

# Runs a command under a name and records its result and duration.
step() {
  local name=$1 began=$SECONDS result=ok
  shift
  say "$name"
  "$@" || result="FAILED ($?)"
  steps+=("$(printf '%-40s %6d s  %s' "$name" $((SECONDS - began)) "$result")")
  if [ "$result" != ok ]; then
    failures=$((failures + 1))
    return 1
  fi
}

# Prints the result of every step. Fails if any step failed.
summary() {
  say "Summary"
  printf '%s\n' "${steps[@]}" >&2
  [ "$failures" = 0 ]
}
