#!/bin/bash
# The admin site beside the API alone, with 100,000 movies: what a page of the list takes, and the memory that open sessions take. The site's image
# runs in a container that may use MEMORY and no swap.
# Prints times in ms (median and 95th percentile of PAGES), from a browser's message to the site until the rows come back, beside those of the
# same requests to the API; then the process's memory at its start, with one session and with SESSIONS, each of which is signed in in a browser
# of its own and has opened the list and the form of a movie. Settings of .NET: ADMIN_ENV='DOTNET_GCConserveMemory=0 …'.
# usage: bench/admin.sh [PAGES [SESSIONS [MEMORY]]]     60, 50 and 200m unless given. Needs Docker and Chromium
set -euo pipefail
cd "$(dirname "$0")"
pages=${1:-60}
sessions=${2:-50}
memory=${3:-200m}
# shellcheck source=bench/cluster.sh
. ./cluster.sh
container=movieaspire-bench-$$
processes=()
trap 'docker rm --force "$container" >/dev/null || true; docker rmi "$container" >/dev/null || true
  for process in "${processes[@]}"; do kill "$process" || true; done; stop_cluster; rm -rf "$work"' EXIT

docker build --quiet --file ../deploy/Dockerfile --target admin --tag "$container" .. >/dev/null
worker moviedb up --seed none
PGDATABASE=moviedb psql -q -v ON_ERROR_STOP=1 -v users=2000 -f bulk-data.sql >/dev/null

# As its image has it; without limits, and without the cache, from which the second of two same requests would come.
dotnet publish ../Api -c Release --use-current-runtime --no-self-contained -p:PublishReadyToRun=true -o "$work/api" --nologo -v quiet
export ASPNETCORE_URLS=http://127.0.0.1:0
(cd "$work/api" && exec env "ConnectionStrings__moviedb=Host=$PGHOST;Port=$PGPORT;Username=$PGUSER;Database=moviedb" Cache__Megabytes=0 \
  RateLimits__Reads=2147483647 RateLimits__Writes=2147483647 RateLimits__Accounts=2147483647 RateLimits__Concurrent=2147483647 \
  dotnet MovieAspire.Api.dll >"$work/api.log" 2>&1) & processes+=($!)

wait_for() { # process, command that prints its log: sets $address once it listens and is healthy
  until address=$("${@:2}" 2>&1 | grep -om1 'http://127.0.0.1:[1-9][0-9]*'); do
    kill -0 "$1" 2>/dev/null || { "${@:2}" >&2; exit 1; }
    sleep 0.05
  done
  curl -fsS --retry 5 --retry-all-errors --retry-delay 1 -o /dev/null "$address/health"
}
wait_for $! cat "$work/api.log"
api=$address

# With what other processes have read in memory already, the container would not count it.
sync && echo 3 >/proc/sys/vm/drop_caches
settings=()
for setting in ${ADMIN_ENV:-}; do settings+=(--env "$setting"); done
docker run --detach --name "$container" --memory "$memory" --memory-swap "$memory" --network host --env ASPNETCORE_URLS \
  --env services__api__http__0="$api" "${settings[@]}" "$container" >/dev/null
process=$(docker inspect --format '{{.State.Pid}}' "$container")
wait_for "$process" docker logs "$container"
admin=$address

# One account is registered, and its password becomes that of as many users, who are admins.
curl -fsS -o /dev/null --json '{"email":"bench@example.org","password":"correct horse battery staple"}' "$api/api/v1/auth/register"
psql -qd moviedb -c "UPDATE users SET user_name = users.email, normalized_user_name = users.normalized_email, password_hash = b.password_hash,
  security_stamp = b.security_stamp FROM users b WHERE b.email = 'bench@example.org' AND users.id <= $sessions" \
  -c "INSERT INTO user_roles (user_id, role_id) SELECT u.id, r.id FROM users u, roles r WHERE u.id <= $sessions AND r.name = 'admin'" -c 'VACUUM ANALYZE'

dotnet run --project Browser -- "$admin" "$api" "$process" "$pages" "$sessions"
