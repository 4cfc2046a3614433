#!/bin/bash
# Imports many movies as NDJSON and exports them, with the API's image in a container limited to MEMORY without swap.
# Prints the peak memory of the process (VmHWM) after the start, the import and the export, its private part at that moment
# (the rest are pages of program files, which the kernel can drop), and movies/s. Settings of .NET: API_ENV='DOTNET_gcServer=0 …'.
# usage: bench/api-memory.sh [MOVIES [MEMORY]]   default: 1,000,000 and 150m. Needs Docker
set -euo pipefail
cd "$(dirname "$0")"
movies=${1:-1000000}
memory=${2:-150m}
# shellcheck source=bench/cluster.sh
. ./cluster.sh
container=movieaspire-bench-$$
trap 'docker rm --force "$container" >/dev/null; docker rmi "$container" >/dev/null; stop_cluster; rm -rf "$work"' EXIT
docker build --quiet --file ../deploy/Dockerfile --target api --tag "$container" .. >/dev/null
Admin__Email=admin@example.com Admin__Password='correct horse battery staple' worker moviedb up --seed none

settings=()
for setting in ${API_ENV:-}; do settings+=(--env "$setting"); done
docker run --detach --name "$container" --memory "$memory" --memory-swap "$memory" --publish 127.0.0.1::8080 --volume "$PGHOST:/pg" \
  --env ConnectionStrings__moviedb="Host=/pg;Port=$PGPORT;Username=$PGUSER;Password=$PGPASSWORD;Database=moviedb" "${settings[@]}" "$container" >/dev/null
address=http://$(docker port "$container" 8080)
process=$(docker inspect --format '{{.State.Pid}}' "$container")
until curl -fs -o /dev/null "$address/health"; do
  [ -d "/proc/$process" ] || { docker logs "$container" >&2; exit 1; }
  sleep 0.1
done
api=$address/api/v1
token=$(curl -fsS "$api/auth/login" --json '{"email":"admin@example.com","password":"correct horse battery staple"}' | sed 's/.*"accessToken":"\([^"]*\)".*/\1/')

seq "$movies" | awk '{
  printf "{\"title\":\"The Long Film %d\",\"releaseDate\":\"%d-%02d-%02d\",\"runtimeMinutes\":%d,\"mpaaRating\":\"PG-13\",\"director\":\"Director %d\",", $1, 1930 + $1 % 90, 1 + $1 % 12, 1 + $1 % 28, 60 + $1 % 120, $1 % 9000
  printf "\"distributor\":\"Studio %d\",\"budget\":%d,\"imdbRating\":%d.5,\"imdbVotes\":%d,\"genres\":[\"Genre %d\",\"Genre %d\"]}\n", $1 % 300, 1000 * $1, 1 + $1 % 9, $1 % 99999, $1 % 20, 20 + $1 % 7 }' >"$work/movies.ndjson"

report() {
  awk -v what="$1" -v seconds="$2" -v movies="$movies" '
    /^VmHWM/ { peak = $2 } /^Rss(Anon|Shmem)/ { own += $2 }
    END { printf "%-8s peak %4d MB, own %4d MB", what, peak / 1024, own / 1024; if (seconds > 0) printf " %9d movies/s", movies / seconds; print "" }' "/proc/$process/status"
}

report start 0
seconds=$(curl -fsS -o "$work/report" -w '%{time_total}' -H "Authorization: Bearer $token" -H 'Content-Type: application/x-ndjson' -T "$work/movies.ndjson" -X POST "$api/movies/import")
report import "$seconds"
grep -q "\"created\":$movies," "$work/report" || { echo "not all movies were imported: $(tail -c 200 "$work/report")" >&2; exit 1; }
seconds=$(curl -fsS -o "$work/export.ndjson" -w '%{time_total}' "$api/movies/export")
report export "$seconds"
[ "$(wc -l <"$work/export.ndjson")" = "$movies" ] || { echo 'not all movies were exported' >&2; exit 1; }
