#!/bin/bash
# Compares the published API with its limits: PostgreSQL alone (pgbench) and a bare Kestrel + Npgsql program (Bare/).
# All use one database: 100,000 movies with titles of real words, and 6.9 million ratings with a realistic skew. 32 connections, in turns.
# Prints a table: requests per second (median of the rounds), in parentheses the CPU time per request in microseconds
# (program / PostgreSQL), and the API's throughput relative to bare in the same round. On a busy machine only these ratios are reliable.
# usage: bench/api.sh [--seconds 10] [--rounds 5] [--warmup 12] [--only page,mix] [--data FOLDER] [--raw FILE] [--django yes] [--api NAME=FOLDER[,SETTINGS]]…
#   --data    keeps the filled cluster in FOLDER (about 5 GB) for the next run
#   --raw     writes all measurements to FILE: round, scenario, program, requests/s, µs of program, µs of PostgreSQL, p50 and p99 in ms
#   --django  measures Django REST Framework (Django/), too; needs Debian's python3-djangorestframework, python3-psycopg2 and gunicorn
#   --api     measures the API published in FOLDER instead of this clone, with SETTINGS added to its connection string; can be repeated
# This clone is measured twice: without its cache, to compare it with bare, which has none, and with it ("cached").
# Needs wrk (apt install wrk) and jq. For a rating, the API also looks up the account of the token, which bare does not.
set -euo pipefail
seconds=10 rounds=5 warmup=12 keep='' raw=/dev/null only='' django='' connections=32 apis=()
while [ $# -gt 0 ]; do
  case $1 in
    --seconds) seconds=$2 ;;
    --rounds) rounds=$2 ;;
    --warmup) warmup=$2 ;;
    --only) only=$2 ;;
    --data) mkdir -p "$2" && keep=$(realpath "$2") ;;
    --raw) raw=$(realpath "$2") ;;
    --django) django=$2 ;;
    --api) apis+=("$2") ;;
    *) echo "unknown option $1: see the head of $0" >&2; exit 2 ;;
  esac
  shift 2
done
for tool in wrk jq ${django:+gunicorn}; do command -v "$tool" >/dev/null || { echo "install $tool first" >&2; exit 2; }; done
cd "$(dirname "$0")"
scenarios=(page total detail search reviews favorites rating mix)
[ -z "$only" ] || IFS=, read -ra scenarios <<<"$only"

# Only a finished template has this name: one that was interrupted is filled again.
# shellcheck disable=SC2034
server_options=max_connections=300
needs_worker=true
[ ! -e "${keep:-/none}/filled" ] || needs_worker=false
# shellcheck source=bench/cluster.sh
. ./cluster.sh
# shellcheck source=bench/real-titles.sh
. ./real-titles.sh
processes=()
trap 'for process in "${processes[@]}"; do kill "$process" || true; done; stop_cluster; rm -rf "$work"' EXIT
say() { echo "$(date +%T) $*" >&2; }

if $needs_worker; then
  say 'filling a database'
  psql -qd postgres -c 'DROP DATABASE IF EXISTS filled'
  worker filled up --seed none
  PGDATABASE=filled psql -q -v ON_ERROR_STOP=1 -f bulk-data.sql -f skewed-data.sql >/dev/null
  PGDATABASE=filled real_titles
  psql -qd filled -v ON_ERROR_STOP=1 -f api/data.sql
  [ -z "$keep" ] || touch "$keep/filled"
fi
say 'copying the database'
psql -qd postgres -c 'DROP DATABASE IF EXISTS moviedb' -c 'CREATE DATABASE moviedb TEMPLATE filled STRATEGY file_copy' -c CHECKPOINT
export PGDATABASE=moviedb
postmaster=$(head -1 "$cluster/data/postmaster.pid")
# shellcheck source=bench/api/requests.sh
. ./api/requests.sh
words

serve() { # name, folder, assembly, settings of the connection, megabytes of its cache: starts a program and notes its address and process
  local name=$1
  (cd "$2" && ConnectionStrings__moviedb="Host=$PGHOST;Port=$PGPORT;Username=$PGUSER;Database=moviedb;$4" ASPNETCORE_URLS=http://127.0.0.1:0 \
    RateLimits__Reads=2147483647 RateLimits__Writes=2147483647 RateLimits__Accounts=2147483647 \
    RateLimits__Concurrent=2147483647 Cache__Megabytes=${5:-0} exec dotnet "$3" >"$work/$name.log" 2>&1) &
  processes+=($!)
  process[$name]=$!
  until address[$name]=$(grep -om1 'http://127.0.0.1:[0-9]*' "$work/$name.log"); do
    kill -0 "${process[$name]}" 2>/dev/null || { cat "$work/$name.log" >&2; exit 1; }
    sleep 0.05
  done
  curl -fsS --retry 5 --retry-all-errors --retry-delay 1 -o /dev/null "${address[$name]}/health"
}

declare -A process address
programs=(alone bare)
say 'starting the programs'
publish Bare "$work/bare"
serve bare "$work/bare" MovieAspire.Bare.dll 'Maximum Pool Size=8;No Reset On Close=true;Max Auto Prepare=20;Auto Prepare Min Usages=1'
if [ -n "$django" ]; then
  # As many threads, each with a connection of its own, as there are clients.
  PYTHONDONTWRITEBYTECODE=1 gunicorn --chdir Django --bind 127.0.0.1:0 --workers 4 --threads 8 --keep-alive 60 app >"$work/django.log" 2>&1 &
  processes+=($!)
  process[django]=$!
  until address[django]=$(grep -om1 'http://127.0.0.1:[0-9]*' "$work/django.log" 2>/dev/null); do
    kill -0 "${process[django]}" 2>/dev/null || { cat "$work/django.log" >&2; exit 1; }
    sleep 0.05
  done
  curl -fsS --retry 5 --retry-all-errors --retry-delay 1 -o /dev/null "${address[django]}/health"
fi
if [ ${#apis[@]} = 0 ]; then
  publish ../Api "$work/api"
  apis=("api=$work/api")
  serve cached "$work/api" MovieAspire.Api.dll '' 128
fi
for api in "${apis[@]}"; do
  folder=${api#*=}
  programs+=("${api%%=*}")
  settings=${folder#"${folder%%,*}"}
  serve "${api%%=*}" "${folder%%,*}" MovieAspire.Api.dll "${settings#,}"
done
[ -z "${process[cached]:-}" ] || programs+=(cached)
[ -z "$django" ] || programs+=(django)

login=0
renew_tokens() { # before the old ones end
  [ $SECONDS -gt "$login" ] || return 0
  login=$((SECONDS + 600))
  tokens "${address[${programs[2]}]}/api/v1/auth"
}
renew_tokens

# The responses of the programs must be equal.
for path in 'movies?sort=-rating' 'movies?sort=-rating&includeTotal=true' movies/400 movies/400/reviews me/favorites; do
  for name in "${programs[@]:1}"; do
    curl -fsS -H "Authorization: Bearer $(head -1 "$work/tokens")" -H 'X-User: 1' "${address[$name]}/api/v1/$path" | jq -S 'if .nextCursor then .nextCursor = "" else . end' | sed 's/+00:00"/Z"/' >"$work/answer.$name"
    cmp -s "$work/answer.bare" "$work/answer.$name" || { echo "bare and $name differ in $path:" >&2; diff "$work/answer.bare" "$work/answer.$name" | head -20 >&2; exit 1; }
  done
done

# pgbench runs the same statements with variables. It has no text variables, so each search term is a script of its own.
for name in page total detail reviews favorites rating; do
  {
    printf '\\set %s\n' 'movie random(1, 100000)' 'user random(1, 16)' 'value random(1, 10)'
    [ "$name" != reviews ] || printf '\\set movie 400 * random(1, 200)\n'
    cat "api/$name.sql"
  } >"$work/$name.pgbench"
done
cat api/page.sql >>"$work/total.pgbench"
searches=()
while read -r word; do
  sed "s/:word/'$word'/" api/search.sql >"$work/search-$word.pgbench"
  searches+=(-f "$work/search-$word.pgbench@2")
done < <(shuf -n 50 --random-source=api/search.sql "$work/words")

# CPU time of processes in hundredths of a second. For PostgreSQL, children that have ended are included.
ticks() { # of a program, and of the processes that it has started
  # shellcheck disable=SC2046
  awk '{ sum += $14 + $15 } END { print sum }' "/proc/$1/stat" $(pgrep -P "$1" | sed 's|.*|/proc/&/stat|')
}
server_ticks() {
  # shellcheck disable=SC2046,SC2002
  cat $(pgrep -P "$postmaster" | sed 's|.*|/proc/&/stat|') 2>/dev/null | awk '{ sum += $14 + $15 } END { print sum }' >"$work/children" || true
  awk -v children="$(cat "$work/children")" '{ print $14 + $15 + $16 + $17 + children }' "/proc/$postmaster/stat"
}

measure() { # round, scenario, program, seconds
  local round=$1 scenario=$2 name=$3 files=() server app=0 line
  if [ "$name" = alone ]; then
    case $scenario in
      search) files=("${searches[@]}") ;;
      mix) files=("${searches[@]}" -f "$work/detail.pgbench@500" -f "$work/page.pgbench@250" -f "$work/reviews.pgbench@100" -f "$work/rating.pgbench@50") ;;
      *) files=(-f "$work/$scenario.pgbench") ;;
    esac
    server=$(server_ticks)
    pgbench -n -M prepared -c "$connections" -j 2 -T "$4" "${files[@]}" moviedb >"$work/pgbench.log" 2>&1 || { cat "$work/pgbench.log" >&2; exit 1; }
    line=$(awk '/number of transactions actually processed/ { n = $NF; sub("/.*", "", n) } /^tps/ { tps = $3 } /latency average/ { l = $4 }
      END { print n, n / tps * 1e6, 0, l * 1000, 0 }' "$work/pgbench.log")
  else
    app=$(ticks "${process[$name]}") server=$(server_ticks)
    line=$(SEED=$RANDOM wrk -t1 --timeout 30s -c"$connections" -d"${4}s" -s api/requests.lua "${address[$name]}" -- "$scenario" "$work" | sed -n 's/^result //p')
    app=$(($(ticks "${process[$name]}") - app))
  fi
  server=$(($(server_ticks) - server))
  awk -v round="$round" -v scenario="$scenario" -v name="$name" -v app="$app" -v server="$server" '{
    if ($3 > 0) { printf "%s: %d of %d requests of %s failed\n", name, $3, $1, scenario >"/dev/stderr"; exit 1 }
    print round, scenario, name, $1 / $2 * 1e6, app * 10000 / $1, server * 10000 / $1, $4 / 1000, $5 / 1000 }' <<<"$line"
}

say "warming up"
for name in "${programs[@]:1}"; do
  for scenario in mix "${scenarios[@]}"; do
    [ "$scenario" = mix ] && time=$warmup || time=1
    [ "$warmup" = 0 ] || measure 0 "$scenario" "$name" "$time" >/dev/null
  done
done
for round in $(seq "$rounds"); do
  say "round $round of $rounds"
  for scenario in "${scenarios[@]}"; do
    for name in "${programs[@]}"; do
      renew_tokens
      # The ratings of the last round have evicted a third of them.
      [ "$scenario $name" != 'detail cached' ] ||
        curl -fsS --no-progress-meter --parallel --parallel-max 16 -o /dev/null "${address[cached]}/api/v1/movies/[1-100000]"
      measure "$round" "$scenario" "$name" "$seconds"
    done
  done
done >"$work/results"
cp "$work/results" "$raw"

awk -v programs="${programs[*]}" -v scenarios="${scenarios[*]}" '
  { key = $2 " " $3; n[key]++; rate[key, n[key]] = $4; app[key, n[key]] = $5; server[key, n[key]] = $6; p99[key, n[key]] = $8
    if ($3 == "bare") bare[$1, $2] = $4; of[$1, $2, $3] = $4; rounds = $1 }
  function median(values, key, count,   sorted, i, j, t) {
    for (i = 1; i <= count; i++) sorted[i] = values[key, i]
    for (i = 1; i < count; i++) for (j = i + 1; j <= count; j++) if (sorted[j] < sorted[i]) { t = sorted[i]; sorted[i] = sorted[j]; sorted[j] = t }
    return count % 2 ? sorted[(count + 1) / 2] : (sorted[count / 2] + sorted[count / 2 + 1]) / 2
  }
  END {
    count = split(programs, program, " "); m = split(scenarios, scenario, " ")
    line = "| scenario |"; rule = "| --- |"
    for (p = 1; p <= count; p++) { line = line (program[p] == "alone" ? " PostgreSQL alone |" : " " program[p] " |"); rule = rule " --- |" }
    for (p = 3; p <= count; p++) { line = line " " program[p] " / bare |"; rule = rule " --- |" }
    print line; print rule
    for (s = 1; s <= m; s++) {
      line = "| " scenario[s] " |"
      for (p = 1; p <= count; p++) {
        key = scenario[s] " " program[p]
        line = line sprintf(" %d (%s%d) |", median(rate, key, n[key]), p == 1 ? "" : sprintf("%d / ", median(app, key, n[key])), median(server, key, n[key]))
      }
      for (p = 3; p <= count; p++) {
        for (r = 1; r <= rounds; r++) share["x", r] = of[r, scenario[s], program[p]] / bare[r, scenario[s]]
        line = line sprintf(" %.2f |", median(share, "x", rounds))
      }
      print line
    }
    # The same shares as a chart, which GitHub draws.
    for (p = 3; p <= count; p++) {
      for (s = 1; s <= m; s++) {
        for (r = 1; r <= rounds; r++) share["x", r] = of[r, scenario[s], program[p]] / bare[r, scenario[s]]
        bars[p] = bars[p] (s > 1 ? ", " : "") sprintf("%.2f", median(share, "x", rounds))
        if (p == 3) axis = axis (s > 1 ? ", " : "") scenario[s]
      }
      printf "\n```mermaid\nxychart-beta\n  title \"%s: requests a second as a share of bare\"\n  x-axis [%s]\n  y-axis \"share\"\n  bar [%s]\n```\n", program[p], axis, bars[p]
    }
  }' "$work/results"
