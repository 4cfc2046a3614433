#!/bin/bash
# How long the built AppHost takes from its start to the API's /health 200: on an empty machine (initdb, schema, films, ratings)
# and again on what the first start left. Prints seconds, and the AppHost's own memory in MB.
# usage: bench/startup.sh [RUNS]
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-3}
dotnet build AppHost --nologo -v quiet -clp:ErrorsOnly
data=$(mktemp -d)
chmod 755 "$data"
trap 'rm -rf "$data"' EXIT

start() { # seconds to /health 200, then memory, then a stop by SIGTERM
  local begun pid now memory
  begun=$(date +%s%N)
  DOTNET_ENVIRONMENT=Development ASPNETCORE_URLS=http://localhost:15180 \
    dotnet exec artifacts/bin/AppHost/debug/MovieAspire.AppHost.dll >"$data/log" 2>&1 &
  pid=$!
  until curl -fs -o /dev/null http://localhost:5180/health; do
    kill -0 "$pid" 2>/dev/null || { cat "$data/log" >&2; exit 1; }
    sleep 0.02
  done
  now=$(date +%s%N)
  memory=$(awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$pid/status")
  kill -TERM "$pid"
  wait "$pid"
  awk -v ns=$((now - begun)) -v what="$1" -v mb="$memory" 'BEGIN { printf "%-6s %5.2f s  %4d MB\n", what, ns / 1e9, mb }'
}

for _ in $(seq "$runs"); do
  find "$data" -mindepth 1 -delete
  start first
  start later
done
