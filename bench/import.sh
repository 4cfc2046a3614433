#!/bin/bash
# Compares import movielens of 2 million ratings into an empty database with the least that psql can do with the same file: \copy into
# an unlogged table, and one insert into a table that has the key alone. In turns, ROUNDS (default: 5) times, on a temporary cluster.
# Prints the middle of both and of their ratio, and how long the worker's steps took.
# usage: bench/import.sh [ROUNDS [RATINGS]]
set -euo pipefail
cd "$(dirname "$0")"
rounds=${1:-5}
users=$((${2:-2000000} / 100))
. ./cluster.sh

# As published: ordered by user and movie, half stars.
movies=10000
mkdir "$work/movielens"
psql -qd postgres -c "\\copy (SELECT n AS \"movieId\", 'Film ' || n || ' (' || 1930 + n % 90 || ')' AS title, '(no genres listed)' AS genres FROM generate_series(1, $movies) n) TO '$work/movielens/movies.csv' (FORMAT csv, HEADER)"
psql -qd postgres -c "\\copy (SELECT p AS \"userId\", 1 + (p * 7919 + k * 1871) % $movies AS \"movieId\", (1 + (p * 7 + k * k * 3) % 10) / 2.0::numeric(2, 1) AS rating, 1260759144 + p * 100 + k AS timestamp FROM generate_series(1, $users) p, generate_series(0, 99) k ORDER BY 1, 2) TO '$work/movielens/ratings.csv' (FORMAT csv, HEADER)"
worker empty up --seed none

least() {
  psql -qd theirs -v ON_ERROR_STOP=1 <<SQL
CREATE UNLOGGED TABLE staged (user_key integer, movie_key integer, stars numeric, at bigint);
CREATE TABLE least (user_id bigint, movie_id bigint, value smallint NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, PRIMARY KEY (user_id, movie_id));
\\copy staged FROM '$work/movielens/ratings.csv' (FORMAT csv, HEADER)
INSERT INTO least SELECT user_key, movie_key, stars * 2, to_timestamp(at), to_timestamp(at) FROM staged;
SQL
}
timed() { # where to note its time, and the command
  local times=$1 begun; shift
  psql -qd postgres -c CHECKPOINT
  begun=$(date +%s%N)
  "$@"
  echo $(($(date +%s%N) - begun)) >>"$work/$times"
}
middle() { sort -g "$1" | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

for _ in $(seq "$rounds"); do
  psql -qd postgres -c 'CREATE DATABASE theirs' -c 'CREATE DATABASE ours TEMPLATE empty'
  timed least least
  timed import worker ours import movielens "$work/movielens" --verbose
  [ "$(psql -qAtd ours -c 'SELECT count(*) FROM wrong_aggregates()')" = 0 ] || { echo 'wrong aggregates' >&2; exit 1; }
  [ "$(psql -qAtd ours -c 'SELECT count(*) FROM ratings')" = $((users * 100)) ] || { echo 'import lost rows' >&2; exit 1; }
  psql -qd postgres -c 'DROP DATABASE theirs' -c 'DROP DATABASE ours'
done

paste "$work/import" "$work/least" | awk '{ print $1 / $2 }' >"$work/ratios"
awk -v least="$(middle "$work/least")" -v import="$(middle "$work/import")" -v ratio="$(middle "$work/ratios")" \
  'BEGIN { printf "\\copy and insert %.1f s   import movielens %.1f s   ratio %.2f\n", least / 1e9, import / 1e9, ratio }'
cat "$work/output"
