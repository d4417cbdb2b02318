#!/usr/bin/env bash
# Starts a gateway for each of two teams, from one gateway.yaml and over one PostgreSQL database; README.md says what to set.
# Ctrl-C or SIGTERM stops both; if one ends, so does the other.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=${UNLADEN_BIN:-$here/../../../.build/release}
data=${TWO_TEAMS_DATA:-$PWD/unladen-data/two-teams}
for name in UNLADEN_BACKEND_STORE_URI RESEARCH_KEY SALES_KEY RESEARCH_OPENAI_API_KEY SALES_OPENAI_API_KEY; do
  [ -n "${!name:-}" ] || { echo "error: $name is not set; see $here/README.md" >&2; exit 2; }
done
# The gateways read these. In the environment, unlike in flags, other users can't see the database's password and the keys.
export UNLADEN_BACKEND_STORE_URI RESEARCH_KEY SALES_KEY

gateways=()
stop() {
  trap - EXIT
  kill "${gateways[@]}" 2>/dev/null || true
  wait
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Starts the gateway of a team: its name, its port, and its key for the provider. Its log is in a file, as is its usage log.
start() {
  local team=$1 port=$2
  mkdir -p "$data/$team"
  OPENAI_API_KEY=$3 "$bin/unladen-gateway" --config-path "${TWO_TEAMS_CONFIG:-$here/gateway.yaml}" --port "$port" \
    --usage-log-dir "$data/$team/usage-log" > >(sed --unbuffered "s/^/$team: /") 2>"$data/$team/log" &
  gateways+=($!)
}

start research "${RESEARCH_PORT:-5002}" "$RESEARCH_OPENAI_API_KEY"
start sales "${SALES_PORT:-5012}" "$SALES_OPENAI_API_KEY"
wait -n || { echo "error: a gateway ended; see the logs in $data" >&2; exit 1; }
