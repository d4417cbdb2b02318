# shellcheck shell=bash disable=SC2034,SC2154
# Python environments for the tests; sourced, not run. Needs common.sh.

# The client environments are pinned for Debian 12's Python.
export PYTHON=${PYTHON:-/usr/bin/python3}

# Creates the environments of the MLflow clients and prints each one's interpreter, the oldest client's first.
client_environments() { "$repository/Tests/Clients/environments.sh" "$cache/clients"; }

# Creates the environment with the S3 server for tests, and prints its interpreter.
s3_environment() { ensure_environment "$cache/s3" "$repository/deploy/lib/requirements-s3.txt"; }

# Creates the environment with the linter, and prints its interpreter.
lint_environment() { ensure_environment "$cache/lint" "$repository/deploy/lib/requirements-lint.txt"; }

# Creates the environment that drives a browser, and prints its interpreter.
browser_environment() { ensure_environment "$cache/browser" "$repository/Tests/Browser/requirements.txt"; }

# Creates an environment in a directory from a requirements file, unless it is up to date, and prints its interpreter.
ensure_environment() {
  local environment=$1 requirements=$2
  # The copy of the requirements is written last, so an interrupted installation starts over.
  if ! cmp --silent "$requirements" "$environment/requirements.txt"; then
    rm -rf "$environment"
    "$PYTHON" -m venv "$environment" >&2 || return
    "$environment/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements" >&2 || return
    cp "$requirements" "$environment/requirements.txt"
  fi
  echo "$environment/bin/python"
}
