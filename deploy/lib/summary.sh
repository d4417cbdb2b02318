# shellcheck shell=bash
# Steps of which all are run although one fails, and a summary in the end; sourced, not run. Needs common.sh.

steps=()
failures=0

# Runs a command under a name and remembers how it went.
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

# Prints how every step went. Its status says whether all went well.
summary() {
  say "Summary"
  printf '%s\n' "${steps[@]}" >&2
  [ "$failures" = 0 ]
}
