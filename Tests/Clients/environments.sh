#!/usr/bin/env bash
# Makes a Python environment for each client that the tests run with, and prints the interpreter of each.
#
#     Tests/Clients/environments.sh CACHE_FOLDER [CLIENT…]
#
# CLIENT is a version of MLflow, 2.5, 2.22 or 3.17, or sdk, which are the clients of language models; all by default.
# The environment of a version is mlflow-VERSION in the folder, the other one sdk.
#
# The folder should be outside the repository. An environment that is there already, made from the same
# requirements, is left as it is. PYTHON names the interpreter to make them with (3.10 or 3.11).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${1:?"usage: environments.sh CACHE_FOLDER [CLIENT…]"}
shift
[ $# -gt 0 ] || set -- 2.5 2.22 3.17 sdk
python=${PYTHON:-python3}

mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
for client in "$@"; do
  requirements=$here/requirements-$client.txt
  [ -f "$requirements" ] || { echo "environments.sh: there is no $requirements" >&2; exit 2; }
  case $client in sdk) environment=$cache/sdk ;; *) environment=$cache/mlflow-$client ;; esac
  # The stamp is a copy of the requirements, written last: what was interrupted is made anew.
  if ! cmp -s "$requirements" "$environment/requirements.txt"; then
    rm -rf "$environment"
    "$python" -m venv "$environment"
    "$environment/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements" >&2
    cp "$requirements" "$environment/requirements.txt"
  fi
  echo "$environment/bin/python"
done
