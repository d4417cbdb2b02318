# shellcheck shell=bash
# Python environments for the tests; sourced, not run. Needs common.sh.

# The clients' environments are pinned for the version of Debian 12.
export PYTHON=${PYTHON:-/usr/bin/python3}

# Makes the environments of the MLflow clients and prints the Python of each, the oldest client's first.
client_environments() { "$repository/Tests/Clients/environments.sh" "$cache/clients"; }

# Makes the environment with an S3 server for tests, and prints its Python.
s3_environment() { made_environment "$cache/s3" "$repository/deploy/lib/requirements-s3.txt"; }

# Makes the environment that drives a browser, and prints its Python.
browser_environment() { made_environment "$cache/browser" "$repository/Tests/Browser/requirements.txt"; }

# Makes an environment in a folder with what a file requires, unless it is there, and prints its Python.
made_environment() {
  local environment=$1 requirements=$2
  # The copy of the requirements is written last, so that what was interrupted is made anew.
  if ! cmp --silent "$requirements" "$environment/requirements.txt"; then
    rm -rf "$environment"
    "$PYTHON" -m venv "$environment" >&2 || return
    "$environment/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements" >&2 || return
    cp "$requirements" "$environment/requirements.txt"
  fi
  echo "$environment/bin/python"
}
