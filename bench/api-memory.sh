#!/bin/bash
# The published API on a cluster of its own: how long it takes to /health 200, and its memory while an import and an export of many films run.
# Prints the process's peak (VmHWM) after the start and after each, what of it is its own at that moment (the rest are pages of program files, which
# the kernel shares and drops as it likes), and films/s. Settings of .NET (DOTNET_gcServer=…) pass through.
# usage: bench/api-memory.sh [FILMS]   1,000,000 unless given
set -euo pipefail
cd "$(dirname "$0")"
films=${1:-1000000}
binaries=$(for folder in "$(dirname "$(command -v pg_ctl || echo /none)")" /usr/lib/postgresql/*/bin; do if [ -x "$folder/initdb" ]; then echo "$folder"; fi; done | tail -1)
work=$(mktemp -d)
chmod 755 "$work"
server=
trap '[ -z "$server" ] || kill "$server" || true; as_server "$binaries/pg_ctl" -D "$work/pg/data" -m immediate stop >/dev/null || true; rm -rf "$work"' EXIT

as_server() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"; else "$@"; fi; }

mkdir "$work/pg"
[ "$(id -u)" != 0 ] || chown postgres "$work/pg"
as_server "$binaries/initdb" -D "$work/pg/data" -U postgres --auth=trust --encoding=UTF8 --locale=C >/dev/null
as_server "$binaries/pg_ctl" -D "$work/pg/data" -l "$work/pg/log" -w start \
  -o "-c listen_addresses= -c unix_socket_directories=$work/pg -c shared_buffers=512MB -c max_wal_size=8GB" >/dev/null
dotnet publish ../MigrationWorker -c Release -o "$work/worker" --nologo -v quiet
# As Api/Dockerfile does.
dotnet publish ../Api -c Release --use-current-runtime --no-self-contained -p:PublishReadyToRun=true -o "$work/api" --nologo -v quiet

export ConnectionStrings__moviedb="Host=$work/pg;Username=postgres;Database=moviedb"
Admin__Email=admin@example.com Admin__Password='correct horse battery staple' \
  dotnet "$work/worker/MovieAspire.MigrationWorker.dll" up --seed none >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }

begun=$(date +%s%N)
(cd "$work/api" && ASPNETCORE_URLS=http://127.0.0.1:0 exec dotnet MovieAspire.Api.dll >"$work/log" 2>&1) & server=$!
until address=$(grep -om1 'http://127.0.0.1:[0-9]*' "$work/log"); do
  kill -0 "$server" 2>/dev/null || { cat "$work/log" >&2; exit 1; }
  sleep 0.01
done
curl -fsS -o /dev/null "$address/health"
awk -v ns=$(($(date +%s%N) - begun)) 'BEGIN { printf "/health 200 after %.2f s\n", ns / 1e9 }'
api=$address/api/v1
token=$(curl -fsS "$api/auth/login" --json '{"email":"admin@example.com","password":"correct horse battery staple"}' | sed 's/.*"accessToken":"\([^"]*\)".*/\1/')

seq "$films" | awk '{
  printf "{\"title\":\"The Long Film %d\",\"releaseDate\":\"%d-%02d-%02d\",\"runtimeMinutes\":%d,\"mpaaRating\":\"PG-13\",\"director\":\"Director %d\",", $1, 1930 + $1 % 90, 1 + $1 % 12, 1 + $1 % 28, 60 + $1 % 120, $1 % 9000
  printf "\"distributor\":\"Studio %d\",\"budget\":%d,\"imdbRating\":%d.5,\"imdbVotes\":%d,\"genres\":[\"Genre %d\",\"Genre %d\"]}\n", $1 % 300, 1000 * $1, 1 + $1 % 9, $1 % 99999, $1 % 20, 20 + $1 % 7 }' >"$work/films.ndjson"

report() {
  awk -v what="$1" -v seconds="$2" -v films="$films" '
    /^VmHWM/ { peak = $2 } /^Rss(Anon|Shmem)/ { own += $2 }
    END { printf "%-8s peak %4d MB, own %4d MB", what, peak / 1024, own / 1024; if (seconds > 0) printf " %9d films/s", films / seconds; print "" }' "/proc/$server/status"
}

report start 0
seconds=$(curl -fsS -o "$work/report" -w '%{time_total}' -H "Authorization: Bearer $token" -H 'Content-Type: application/x-ndjson' -T "$work/films.ndjson" -X POST "$api/movies/import")
report import "$seconds"
grep -q "\"created\":$films," "$work/report" || { echo "not all films were imported: $(tail -c 200 "$work/report")" >&2; exit 1; }
seconds=$(curl -fsS -o "$work/export.ndjson" -w '%{time_total}' "$api/movies/export")
report export "$seconds"
[ "$(wc -l <"$work/export.ndjson")" = "$films" ] || { echo 'not all films were exported' >&2; exit 1; }
