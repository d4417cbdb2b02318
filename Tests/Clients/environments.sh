#!/usr/bin/env bash
# Creates a Python environment for each client that the tests run with, and prints each one's interpreter.
#
#     Tests/Clients/environments.sh CACHE_DIRECTORY [CLIENT…]
#
# CLIENT is a version of MLflow (2.5, 2.22 or 3.17), or sdk for the clients of language models. The default is all of them.
# The environment of an MLflow version is the subdirectory mlflow-VERSION, the other one is sdk.
#
# The directory should be outside the repository. An existing environment with the same requirements is left unchanged.
# PYTHON is the interpreter to create them with (3.10 or 3.11).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${1:?"usage: environments.sh CACHE_DIRECTORY [CLIENT…]"}
shift
[ $# -gt 0 ] || set -- 2.5 2.22 3.17 sdk
python=${PYTHON:-python3}

mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
for client in "$@"; do
  requirements=$here/requirements-$client.txt
  [ -f "$requirements" ] || { echo "environments.sh: Unknown client '$client': $requirements doesn't exist." >&2; exit 2; }
  case $client in sdk) environment=$cache/sdk ;; *) environment=$cache/mlflow-$client ;; esac
  # The copy of the requirements is written last, so an interrupted installation starts over.
  if ! cmp -s "$requirements" "$environment/requirements.txt"; then
    rm -rf "$environment"
    "$python" -m venv "$environment"
    "$environment/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements" >&2
    cp "$requirements" "$environment/requirements.txt"
  fi
  echo "$environment/bin/python"
done
