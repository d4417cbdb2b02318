# shellcheck shell=bash disable=SC2034,SC2154
# The search for retired names and phrases; sourced, not run. Needs common.sh.

# Prints every use of a retired word in the sources and documents, with its replacement. Fails if there is any.
find_retired_words() {
  local list=deploy/lib/retired-words.txt expression replacement found=0
  cd "$repository" || return
  while IFS=$'\t' read -r expression replacement; do
    case $expression in '' | '#'*) continue ;; esac
    if git grep --untracked --line-number --perl-regexp -e "$expression" -- '*.swift' '*.py' '*.sh' '*.md' .ci deploy ":!$list"; then
      printf '^ retired: %s; use: %s\n\n' "$expression" "$replacement"
      found=1
    elif [ $? -gt 1 ]; then
      return 2
    fi
  done <"$list"
  return "$found"
}
