#!/bin/bash
# Times whole runs of the published worker: up on an empty database without seed (and the same DDL with psql), up with nothing to do,
# and status. Prints the best and the median of RUNS (default: 5) in seconds.
# usage: bench/commands.sh [RUNS]
set -euo pipefail
cd "$(dirname "$0")"
runs=${1:-5}
. ./cluster.sh

timed() { # what to note its time under, and the command
  local what=$1 begun; shift
  begun=$(date +%s%N)
  "$@"
  echo $(($(date +%s%N) - begun)) >>"$work/$what"
}
ddl() { cat ../Data/Migrations/Scripts/*.up.sql | psql -qd by_psql -v ON_ERROR_STOP=1 -f - >/dev/null; }

for _ in $(seq "$runs"); do
  psql -qd postgres -c 'CREATE DATABASE by_psql' -c 'CREATE DATABASE empty'
  timed ddl ddl
  timed empty worker empty up --seed none
  timed nothing worker empty up --seed none
  timed status worker empty status
  psql -qd postgres -c 'DROP DATABASE by_psql' -c 'DROP DATABASE empty'
done

report() { sort -n "$work/$1" | awk -v what="$2" '{ all[NR] = $1 / 1e9 } END { printf "%-36s best %.2f s   middle %.2f s\n", what, all[1], all[int((NR + 1) / 2)] }'; }
report ddl 'the same DDL by psql'
report empty 'up on an empty database'
report nothing 'up with nothing to do'
report status 'status'
