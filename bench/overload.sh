#!/bin/bash
# What the published API does at its limits, with its own settings except the limits of each client: its start, its first requests, its peak,
# half of that rate, five times as many clients, what is left of it two seconds later, and ratings of one movie beside those of all; then its
# memory during some minutes at its peak. The requests are those of bench/api.sh, on a copy of its database. Prints one table.
# usage: bench/overload.sh --data FOLDER [--seconds 20] [--minutes 10]
#   FOLDER is what bench/api.sh --data FOLDER has filled. Needs wrk and jq
set -euo pipefail
seconds=20 minutes=10 keep='' clients=32
while [ $# -gt 0 ]; do
  case $1 in
    --data) keep=$(realpath "$2") ;;
    --seconds) seconds=$2 ;;
    --minutes) minutes=$2 ;;
    *) echo "unknown option $1: see the head of $0" >&2; exit 2 ;;
  esac
  shift 2
done
[ -e "${keep:-/none}/filled" ] || { echo "fill a database first: bench/api.sh --data FOLDER --only page --rounds 1" >&2; exit 2; }
for tool in wrk jq; do command -v "$tool" >/dev/null || { echo "install $tool first" >&2; exit 2; }; done
cd "$(dirname "$0")"
# shellcheck disable=SC2034
needs_worker=false
# shellcheck source=bench/cluster.sh
. ./cluster.sh
process=''
trap '[ -z "$process" ] || kill "$process" || true; stop_cluster; rm -rf "$work"' EXIT
export PGDATABASE=moviedb
psql -qd postgres -c 'DROP DATABASE IF EXISTS moviedb' -c 'CREATE DATABASE moviedb TEMPLATE filled STRATEGY file_copy' -c CHECKPOINT
# shellcheck source=bench/api/requests.sh
. ./api/requests.sh
words
publish ../Api "$work/api"

now() { echo "${EPOCHREALTIME/./}"; }
row() { printf '| %s | %s |\n' "$1" "$2"; }
memory() { awk '/^VmRSS/ { all = $2 } /^RssAnon/ { own = $2 } END { printf "%d MB, of which %d its own", all / 1024, own / 1024 }' "/proc/$process/status"; }

start=$(now)
(cd "$work/api" && ConnectionStrings__moviedb="Host=$PGHOST;Port=$PGPORT;Username=$PGUSER;Database=moviedb" ASPNETCORE_URLS=http://127.0.0.1:0 \
  RateLimits__Reads=2147483647 RateLimits__Writes=2147483647 RateLimits__Accounts=2147483647 exec dotnet MovieAspire.Api.dll >"$work/api.log" 2>&1) &
process=$!
until address=$(grep -om1 'http://127.0.0.1:[0-9]*' "$work/api.log") && curl -fs -o /dev/null "$address/health"; do
  kill -0 "$process" 2>/dev/null || { cat "$work/api.log" >&2; exit 1; }
  sleep 0.02
done 2>/dev/null
echo '| | |'
echo '| --- | --- |'
row 'from its start to healthy' "$((($(now) - start) / 1000)) ms"
for path in movies movies/400 'movies?search=love' movies/400/reviews; do
  row "first GET /$path" "$(curl -fsS -o /dev/null -w '%{time_total}' "$address/api/v1/$path" | awk '{ printf "%d ms", $1 * 1000 }')"
done
row 'memory, after these' "$(memory)"

tokens "$address/api/v1/auth"

# Sets taken and shed (requests a second), half and most (50 and 99 % of what was taken, in ms).
load() { # requests, clients, seconds, pause of each client after a response in ms
  local line
  line=$(SHED=1 PAUSE="${4:-0}" SEED=$RANDOM wrk -t1 --timeout 30s -c"$2" -d"${3}s" -s api/requests.lua "$address" -- "$1" "$work" | sed -n 's/^result //p')
  read -r taken shed half most <<<"$(awk '{ if ($3 > $6) { print $3 - $6 " requests failed" >"/dev/stderr"; exit 1 }
    printf "%d %d %.1f %.1f", ($1 - $6) / $2 * 1e6, $6 / $2 * 1e6, $4 / 1000, $5 / 1000 }' <<<"$line")"
}
show() { row "$1" "$taken/s, 50 % within $half ms, 99 % within $most ms$2"; }

half_rate() { # requests
  load "$1" "$clients" "$seconds" $((2000 * clients / taken))
  show "$1: half of that rate" ", $(awk -v half="$half" -v most="$most" 'BEGIN { printf "%.1f", most / half }') times the half"
}

load mix "$clients" "$seconds"
load detail "$clients" "$seconds"
show "a movie: peak of $clients clients" ''
half_rate detail
load mix "$clients" "$seconds"
show "mix: peak of $clients clients" ''
normal=$most
half_rate mix
# The probe ends with its file.
touch "$work/probing"
while [ -e "$work/probing" ]; do
  curl -fsS --max-time 10 -o /dev/null -w '%{time_total}\n' "$address/health" || echo failed
  sleep 0.2
done >"$work/health" &
load mix $((5 * clients)) "$seconds"
rm "$work/probing"
wait $!
show "mix: $((5 * clients)) clients" ", $(awk -v most="$most" -v normal="$normal" 'BEGIN { printf "%.1f", most / normal }') times the 99 % before; $shed/s got 503"
row '/health meanwhile' "$(sort -g "$work/health" | awk '/failed/ { n++ } { last = $1 } END { printf "at most %d ms, %d failed", last * 1000, n }')"
sleep 2
load mix "$clients" 5
show "mix: $clients clients, two seconds later" ''
load rating "$clients" "$seconds"
show 'ratings of all movies' ''
spread=$taken
load same "$clients" "$seconds"
show 'ratings of one movie' ", $(awk -v same="$taken" -v spread="$spread" 'BEGIN { printf "%.2f", same / spread }') of the rate"
row 'memory, after all' "$(memory)"
for minute in $(seq "$minutes"); do
  # The tokens of before may end.
  tokens "$address/api/v1/auth"
  load mix "$clients" 60
  row "memory, after $minute min at the peak" "$(memory), $taken/s"
done
