# shellcheck shell=bash disable=SC2034,SC2154
# A PostgreSQL server for tests, in its own directory and on a free port; sourced, not run. Needs common.sh.

postgresql_directory=

# Starts the server and sets UNLADEN_TEST_POSTGRESQL_URI to an empty database. Stop it with stop_postgresql.
start_postgresql() {
  local port
  postgresql_directory=$(mktemp --directory --tmpdir unladen-postgresql-XXXXXX)
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  if [ "$(id -u)" = 0 ]; then chown postgres "$postgresql_directory"; fi
  postgresql initdb --pgdata "$postgresql_directory/data" --username unladen --auth trust --encoding UTF8 --locale C.UTF-8 \
    >/dev/null || return
  # The data is disposable, so it doesn't need to survive a crash.
  postgresql pg_ctl start --wait --silent --pgdata "$postgresql_directory/data" --log "$postgresql_directory/log" --options \
    "-p $port -k $postgresql_directory -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=300" || return
  postgresql createdb --host 127.0.0.1 --port "$port" --username unladen unladen_test || return
  export UNLADEN_TEST_POSTGRESQL_URI=postgresql://unladen@127.0.0.1:$port/unladen_test
}

# Stops the server if it is running, and removes its directory.
stop_postgresql() {
  [ -n "$postgresql_directory" ] || return 0
  postgresql pg_ctl stop --mode immediate --silent --pgdata "$postgresql_directory/data" 2>/dev/null || true
  rm -rf "$postgresql_directory"
  postgresql_directory=
}

# Runs a PostgreSQL program of the newest installed version. PostgreSQL refuses to run as root, so root runs it as the user that
# the Debian package created.
postgresql() {
  local directories=(/usr/lib/postgresql/*/bin) program=$1 as=()
  shift
  if [ "$(id -u)" = 0 ]; then as=(runuser --user postgres --); fi
  (cd / && "${as[@]}" "$(printf '%s\n' "${directories[@]}" | sort --version-sort | tail -n 1)/$program" "$@")
}
