#!/bin/bash
# Compares backup and restore of the worker with pg_dump -Fc and pg_restore -j2 on the same data
# (bench/bulk-data.sql): 100,000 movies, 50,000 users, 5 million ratings, 300,000 reviews.
# usage: PGHOST=… PGPORT=… PGUSER=… PGPASSWORD=… bench/backups.sh [RUNS]     (a superuser; creates and drops databases bench_*)
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-3}
database=bench_backups
files=$(mktemp -d)
trap 'rm -rf "$files"' EXIT
export ConnectionStrings__moviedb="Host=$PGHOST;Port=$PGPORT;Username=$PGUSER;Password=$PGPASSWORD;Database=$database"
dotnet build MigrationWorker --configuration Release --nologo -v quiet >/dev/null
worker() { exec dotnet exec artifacts/bin/MigrationWorker/release/MovieAspire.MigrationWorker.dll "$@"; }

if ! psql -d "$database" -Atc 'SELECT FROM movies LIMIT 1' >/dev/null 2>&1; then
  (worker up --seed none) >/dev/null
  psql -q -v ON_ERROR_STOP=1 -d "$database" -f bench/bulk-data.sql >/dev/null
fi

seconds() { # COMMAND...: its time, its output in $files/log, the peak memory of the process itself in MB in $files/memory
  local begun process
  begun=$(date +%s%N)
  "$@" >"$files/log" & process=$!
  while kill -0 "$process" 2>/dev/null; do
    awk '/^VmHWM/ { print int($2 / 1024) }' "/proc/$process/status" >"$files/peak" 2>/dev/null || true
    [ ! -s "$files/peak" ] || cp "$files/peak" "$files/memory"
    sleep 0.05
  done
  wait "$process" || { cat "$files/log" >&2; exit 1; }
  awk -v ns=$(($(date +%s%N) - begun)) 'BEGIN { printf "%.1f\n", ns / 1e9 }'
}
plain_restore() {
  createdb -T template0 bench_plain
  pg_restore -j2 --exit-on-error -d bench_plain "$files/plain.dump"
}
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f\n", a / b }'; }

for _ in $(seq "$runs"); do
  # In turns, because the load of the machine changes.
  dump=$(seconds pg_dump -Fc -f "$files/plain.dump" "$database")
  backup=$(seconds worker backup "$files")
  memory=$(cat "$files/memory")
  restore=$(seconds plain_restore)
  dropdb bench_plain
  file=$(ls -t "$files"/bench_*.dump | head -1)
  whole=$(seconds worker restore --jobs 2 "$file")
  memory="$memory and $(cat "$files/memory")"
  compare=$(sed -n 's/^Comparing every row: \([0-9.]*\) s\.$/\1/p' "$files/log")
  without=$(awk -v a="$whole" -v b="$compare" 'BEGIN { printf "%.1f\n", a - b }')
  (worker restore prune --yes) >/dev/null
  rm "$file" "$file.json"
  echo "pg_dump -Fc $dump s, backup $backup s: $(ratio "$backup" "$dump") | pg_restore -j2 $restore s, restore $without s: $(ratio "$without" "$restore"), and comparing $compare s | worker $memory MB"
done
