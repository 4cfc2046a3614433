#!/bin/bash
# Measures the API's reads with 100,000 movies with titles of real words, and 6.9 million ratings with a realistic skew.
# Prints for each address the best and the median time of RUNS requests to the published API without its cache, and the pages that its queries read.
# usage: bench/queries.sh [RUNS [PLANS]]     default: 9; writes EXPLAIN (ANALYZE, BUFFERS) of each query to PLANS. Needs about 4 GB in TMPDIR
set -euo pipefail
runs=${1:-9}
plans=$(realpath "${2:-/dev/null}")
cd "$(dirname "$0")"
# shellcheck source=bench/cluster.sh
. ./cluster.sh
# shellcheck source=bench/real-titles.sh
. ./real-titles.sh
worker bench up --seed none
export PGDATABASE=bench
psql -q -v ON_ERROR_STOP=1 -f bulk-data.sql -f skewed-data.sql >/dev/null
real_titles
psql -qc "ALTER DATABASE bench SET session_preload_libraries = 'auto_explain'"

dotnet publish ../Api -c Release --use-current-runtime --no-self-contained -p:PublishReadyToRun=true -o "$work/api" --nologo -v quiet
begun=$(date +%s%N)
(cd "$work/api" && ConnectionStrings__moviedb="Host=$PGHOST;Port=$PGPORT;Username=$PGUSER;Database=bench" RateLimits__Reads=1000000 Cache__Megabytes=0 ASPNETCORE_URLS=http://127.0.0.1:0 \
  exec dotnet MovieAspire.Api.dll >"$work/output" 2>&1) & server=$!
trap 'kill "$server" || true; stop_cluster; rm -rf "$work"' EXIT
until address=$(grep -om1 'http://127.0.0.1:[0-9]*' "$work/output"); do
  kill -0 "$server" 2>/dev/null || { cat "$work/output" >&2; exit 1; }
  sleep 0.05
done

curl -fsS -o /dev/null "$address/health"
awk -v ns=$(($(date +%s%N) - begun)) 'BEGIN { printf "/health 200 after %.2f s\n", ns / 1e9 }'

get() { curl -fsS -o "$work/answer" -D "$work/headers" -w '%{time_total}\n' "$address$1"; }
next() { sed -n 's/^Link: <\([^>]*\)>; rel="next".*/\1/p' "$work/headers"; }
explain() { psql -qc "ALTER SYSTEM SET auto_explain.log_min_duration = $1" -c 'ALTER SYSTEM SET auto_explain.log_analyze = on' \
  -c 'ALTER SYSTEM SET auto_explain.log_buffers = on' -c 'ALTER SYSTEM SET auto_explain.log_timing = off' -c 'SELECT pg_reload_conf()' >/dev/null; }

measure() { # name, path
  local name=$1 path=$2 times
  times=$(for _ in $(seq "$runs"); do get "$path"; done | sort -n | awk '{ all[NR] = $1 * 1000 } END { printf "%8.1f %8.1f", all[1], all[int((NR + 1) / 2)] }')
  explain 0
  : >"$cluster/log"
  get "$path" >/dev/null
  explain -1
  awk '/Query Text:/ { plan = 1 } plan && /Buffers: shared/ { match($0, /hit=[0-9]+/); pages += substr($0, RSTART + 4, RLENGTH - 4)
    if (match($0, /read=[0-9]+/)) pages += substr($0, RSTART + 5, RLENGTH - 5); plan = 0 } END { printf "%9d", pages }' "$cluster/log"
  echo "$times  $name"
  { echo "=== $name"; cat "$cluster/log"; } >>"$plans"
}

list=/api/v1/movies
echo '    pages     best   middle  ms'
for query in sort=-popularity sort=-rating sort=title sort=-releaseDate includeTotal=true year=1994 minRating=9 minRatings=1000 \
  'genre=Genre+1' genre=Rare 'genre=Very+rare' genre=None \
  search=shawshank search=shawshenk search=matirx search=god search=godfater search=love search=the search=the+man search=t 'search=the&includeTotal=true'; do
  measure "/movies?$query" "$list?$query"
done
for sort in -popularity title; do
  get "$list?limit=100&sort=$sort" >/dev/null
  for _ in $(seq 99); do get "$(next)" >/dev/null; done
  measure "/movies?sort=$sort, from the 10,001st movie on" "$(next | sed 's/limit=100/limit=20/')"
done
for path in /movies/400 /movies/400/similar /movies/800/similar /movies/20000/similar /movies/400/reviews /movies/400/reviews?sort=-helpful /genres; do
  measure "$path" "/api/v1$path"
done
