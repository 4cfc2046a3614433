#!/bin/bash
# The admin site beside the API alone, with 100,000 movies: what a page of the list takes, and the memory that open sessions take.
# Prints times in ms (median and 95th percentile of PAGES), from a browser's message to the site until the rows come back, beside those of the
# same requests to the API; then the process's memory at its start, with one session and with SESSIONS, each of which is signed in in a browser
# of its own and has opened the list and the form of a movie.
# usage: bench/admin.sh [PAGES [SESSIONS]]     60 and 50 unless given. Needs Chromium
set -euo pipefail
cd "$(dirname "$0")"
pages=${1:-60}
sessions=${2:-50}
# shellcheck source=bench/cluster.sh
. ./cluster.sh
processes=()
trap 'for process in "${processes[@]}"; do kill "$process" || true; done; stop_cluster; rm -rf "$work"' EXIT

worker moviedb up --seed none
PGDATABASE=moviedb psql -q -v ON_ERROR_STOP=1 -v users=2000 -f bulk-data.sql >/dev/null

# As their images have them; without limits, and without the cache, from which the second of two same requests would come.
dotnet publish ../Api -c Release --use-current-runtime --no-self-contained -p:PublishReadyToRun=true -o "$work/api" --nologo -v quiet
dotnet publish ../Admin -c Release --use-current-runtime --no-self-contained -p:PublishReadyToRun=true -o "$work/admin" --nologo -v quiet
export ASPNETCORE_URLS=http://127.0.0.1:0
serve() { # name, assembly, settings: starts a program, and sets $address and $process
  local name=$1 assembly=$2; shift 2
  (cd "$work/$name" && exec env "$@" dotnet "$assembly" >"$work/$name.log" 2>&1) & process=$!
  processes+=("$process")
  until address=$(grep -om1 'http://127.0.0.1:[0-9]*' "$work/$name.log"); do
    kill -0 "$process" 2>/dev/null || { cat "$work/$name.log" >&2; exit 1; }
    sleep 0.05
  done
  curl -fsS --retry 5 --retry-all-errors --retry-delay 1 -o /dev/null "$address/health"
}
serve api MovieAspire.Api.dll "ConnectionStrings__moviedb=Host=$PGHOST;Port=$PGPORT;Username=$PGUSER;Database=moviedb" Cache__Megabytes=0 \
  RateLimits__Reads=2147483647 RateLimits__Writes=2147483647 RateLimits__Accounts=2147483647 RateLimits__Concurrent=2147483647
api=$address
# shellcheck disable=SC2086
serve admin MovieAspire.Admin.dll MALLOC_ARENA_MAX=1 "services__api__http__0=$api" ${ADMIN_ENV:-}

# One account is registered, and its password becomes that of as many users, who are admins.
curl -fsS -o /dev/null --json '{"email":"bench@example.org","password":"correct horse battery staple"}' "$api/api/v1/auth/register"
psql -qd moviedb -c "UPDATE users SET user_name = users.email, normalized_user_name = users.normalized_email, password_hash = b.password_hash,
  security_stamp = b.security_stamp FROM users b WHERE b.email = 'bench@example.org' AND users.id <= $sessions" \
  -c "INSERT INTO user_roles (user_id, role_id) SELECT u.id, r.id FROM users u, roles r WHERE u.id <= $sessions AND r.name = 'admin'" -c 'VACUUM ANALYZE'

dotnet run --project Browser -- "$address" "$api" "$process" "$pages" "$sessions"
