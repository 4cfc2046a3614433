#!/bin/bash
# Compares dump, load and import of the worker with psql on the same data (bulk-data.sql) and the same temporary cluster.
# Prints rows/s of both, their ratio, and the worker's peak memory. Other load affects the rates, but hardly the ratios.
# usage: bench/bulk.sh [SHARE]   SHARE of the data, of which 5 million ratings are 1; 1 needs about 8 GB in TMPDIR
set -euo pipefail
cd "$(dirname "$0")"
share=${1:-1}
. ./cluster.sh
export PGDATABASE=source

timed() { # seconds to $seconds, peak memory in MB to $memory
  local begun process now peak
  begun=$(date +%s%N)
  memory=0
  "$@" & process=$!
  while kill -0 "$process" 2>/dev/null; do
    peak=$(for p in $process $(pgrep -P "$process" || true); do awk '/^VmHWM/ { print int($2 / 1024) }' "/proc/$p/status" 2>/dev/null || true; done | sort -n | tail -1)
    [ "${peak:-0}" -le "$memory" ] || memory=$peak
    sleep 0.05
  done
  wait "$process"
  now=$(date +%s%N)
  seconds=$(awk -v ns=$((now - begun)) 'BEGIN { print ns / 1e9 }')
}

report() { # what, rows, seconds of psql, seconds of the worker, memory
  awk -v what="$1" -v rows="$2" -v theirs="$3" -v ours="$4" -v mb="$5" \
    'BEGIN { printf "%-34s %9d rows   psql %7.1f s %8d/s   worker %7.1f s %8d/s   ratio %5.2f   %4d MB\n", what, rows, theirs, rows / theirs, ours, rows / ours, theirs / ours, mb }'
}

tables='genres movies movie_genres users reviews review_votes ratings favorites'
declare -A columns
copy_out() { for table in $tables; do psql -qc "\\copy (SELECT ${columns[$table]} FROM $table) TO '$work/$table.copy'"; done; }

copy_in() { # database, tables: load first, indexes and constraints after, in one transaction
  local database=$1; shift
  { echo 'BEGIN;'; echo '\i indexes-off.sql'; for table; do echo "\\copy $table (${columns[$table]}) FROM '$work/$table.copy'"; done; echo '\i indexes-on.sql'; echo 'COMMIT;'; } |
    psql -qd "$database" -v ON_ERROR_STOP=1 -f -
}

copy_more() { psql -qd "$1" -c "\\copy ratings (${columns[ratings]}) FROM '$work/more.copy'"; }
count() { psql -qAtd "$1" -c "SELECT $(for table in $2; do printf '(SELECT count(*) FROM %s) + ' "$table"; done) 0"; }
exact() { [ "$(psql -qAtd "$1" -c 'SELECT count(*) FROM wrong_aggregates()')" = 0 ] || { echo "wrong aggregates in $1" >&2; exit 1; }; }

worker source up --seed none
worker empty up --seed none
psql -q -v ON_ERROR_STOP=1 -v share="$share" -f bulk-data.sql
for table in $tables; do
  columns[$table]=$(psql -qAtc "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = '$table'::regclass AND attnum > 0 AND attgenerated = ''")
done
all=$(count source "$tables")

timed copy_out; theirs=$seconds
timed worker source dump "$work/all.json"
report 'dump (psql: COPY out)' "$all" "$theirs" "$seconds" "$memory"

clone() { psql -qd postgres -c "CREATE DATABASE $2 TEMPLATE $1"; }
drop() { psql -qd postgres -c "DROP DATABASE $1"; }

clone empty theirs; clone empty ours
timed copy_in theirs $tables; theirs=$seconds
timed worker ours load "$work/all.json"
report 'load into empty tables' "$all" "$theirs" "$seconds" "$memory"
exact ours
worker ours dump "$work/again.json"
cmp "$work/all.json" "$work/again.json"
drop theirs; drop ours

# In the format of MovieLens: half stars, the year in the title.
mkdir "$work/movielens" "$work/more"
movies="SELECT id AS \"movieId\", title || ' (' || date_part('year', release_date) || ')' AS title, '(no genres listed)' AS genres FROM movies"
psql -qc "\\copy ($movies) TO '$work/movielens/movies.csv' (FORMAT csv, HEADER)"
ratings="SELECT user_id AS \"userId\", movie_id AS \"movieId\", value / 2.0 AS rating, date_part('epoch', created_at)::bigint AS timestamp FROM ratings"
psql -qc "\\copy ($ratings) TO '$work/movielens/ratings.csv' (FORMAT csv, HEADER)"
clone empty theirs; clone empty ours
timed copy_in theirs movies users ratings; theirs=$seconds
timed worker ours import movielens "$work/movielens"
report 'import movielens into empty tables' "$(count ours 'movies users ratings')" "$theirs" "$seconds" "$memory"
exact ours
drop theirs; drop ours

# In the format of IMDb: genres and scores, tabs and \N.
mkdir "$work/imdb"
basics="SELECT 'tt' || id AS tconst, 'movie' AS \"titleType\", title AS \"primaryTitle\", title AS \"originalTitle\", 0 AS \"isAdult\", date_part('year', release_date) AS \"startYear\",
  NULL AS \"endYear\", runtime_minutes AS \"runtimeMinutes\", (SELECT string_agg(name, ',') FROM movie_genres JOIN genres ON genres.id = genre_id WHERE movie_id = movies.id) AS genres FROM movies"
psql -qc "\\copy ($basics) TO '$work/imdb/title.basics.tsv' (HEADER)"
psql -qc "\\copy (SELECT 'tt' || id AS tconst, imdb_rating AS \"averageRating\", imdb_votes AS \"numVotes\" FROM movies) TO '$work/imdb/title.ratings.tsv' (HEADER)"
gzip "$work/imdb/"*
clone empty theirs; clone empty ours
timed copy_in theirs genres movies movie_genres; theirs=$seconds
timed worker ours import imdb "$work/imdb"
report 'import imdb into empty tables' "$(count ours 'movies genres movie_genres')" "$theirs" "$seconds" "$memory"
drop theirs; drop ours

# The ratings of every twentieth user, into a database that contains all others.
psql -qc "\\copy (SELECT ${columns[ratings]} FROM ratings WHERE user_id % 20 = 0) TO '$work/more.copy'"
psql -qc "\\copy ($ratings WHERE user_id % 20 = 0) TO '$work/more/ratings.csv' (FORMAT csv, HEADER)"
cp "$work/movielens/movies.csv" "$work/more/"
awk '/^"ratings"/ { on = 1; print; next } on && /^\]/ { on = 0; print "\n]\n}\n}"; exit } !on && NR <= 5 { print }
  on && match($0, /PERSON[0-9]+/) && substr($0, RSTART + 6, RLENGTH - 6) % 20 == 0 { sub(/,$/, ""); printf "%s%s", separator, $0; separator = ",\n" }' "$work/all.json" >"$work/more.json"
more=$(wc -l <"$work/more.copy")
psql -qc 'DELETE FROM ratings WHERE user_id % 20 = 0'
psql -qc 'VACUUM ANALYZE'
clone source theirs; clone source ours
timed copy_more theirs; theirs=$seconds
timed worker ours load "$work/more.json"
report 'load into filled tables' "$more" "$theirs" "$seconds" "$memory"
exact ours
[ "$(count ours ratings)" = "$(count theirs ratings)" ] || { echo 'load lost rows' >&2; exit 1; }
drop ours; clone source ours
timed worker ours import movielens "$work/more"
report 'import movielens into filled tables' "$more" "$theirs" "$seconds" "$memory"
exact ours
