# shellcheck shell=bash
# Python environments for the tests; sourced, not run. Needs common.sh.

# The clients' environments are pinned for the version of Debian 12.
export PYTHON=${PYTHON:-/usr/bin/python3}

# Makes the environments of the MLflow clients and prints the Python of each, the oldest client's first.
client_environments() { "$repository/Tests/Clients/environments.sh" "$cache/clients"; }

# Makes the environment with an S3 server for tests, and prints its Python.
s3_environment() {
  local environment=$cache/s3 requirements=$repository/deploy/lib/requirements-s3.txt
  # The copy of the requirements is written last, so that what was interrupted is made anew.
  if ! cmp --silent "$requirements" "$environment/requirements.txt"; then
    rm -rf "$environment"
    "$PYTHON" -m venv "$environment" >&2 || return
    "$environment/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements" >&2 || return
    cp "$requirements" "$environment/requirements.txt"
  fi
  echo "$environment/bin/python"
}
