#!/usr/bin/env bash
# Makes a Python environment for each MLflow client that the tests run with, and prints the interpreter of each.
#
#     Tests/Clients/environments.sh CACHE_FOLDER [VERSION…]        VERSION is 2.5, 2.22 or 3.17; all by default
#
# The folder should be outside the repository. An environment that is there already, made from the same
# requirements, is left as it is. PYTHON names the interpreter to make them with (3.10 or 3.11).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${1:?"usage: environments.sh CACHE_FOLDER [VERSION…]"}
shift
[ $# -gt 0 ] || set -- 2.5 2.22 3.17
python=${PYTHON:-python3}

mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
for version in "$@"; do
  requirements=$here/requirements-$version.txt
  [ -f "$requirements" ] || { echo "environments.sh: there is no $requirements" >&2; exit 2; }
  environment=$cache/mlflow-$version
  # The stamp is a copy of the requirements, written last: what was interrupted is made anew.
  if ! cmp -s "$requirements" "$environment/requirements.txt"; then
    rm -rf "$environment"
    "$python" -m venv "$environment"
    "$environment/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements" >&2
    cp "$requirements" "$environment/requirements.txt"
  fi
  echo "$environment/bin/python"
done
