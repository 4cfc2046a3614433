# shellcheck shell=bash
# Sourced by other scripts: starts a PostgreSQL cluster (cluster.cs) in a temporary folder, $work, which is deleted at the end.
# Sets PGHOST (a folder with a socket, which containers can use, too), PGPORT, PGUSER and PGPASSWORD, and publishes the worker.
# With $keep the cluster is in that folder, is kept, and is used again by the next run. $server_options are settings of the server.
# $needs_worker=false does not publish the worker.
work=$(mktemp -d)
cluster=${keep:-$work/pg}
trap 'stop_cluster; rm -rf "$work"' EXIT

# The socket is not in the data folder, which other users cannot enter; the server's user must be able to write here.
mkdir "$work/socket"
chmod 755 "$work"
chmod 1777 "$work/socket"
# shellcheck disable=SC2086
coproc SERVER { exec dotnet run cluster.cs -- "$cluster" unix_socket_directories="$work/socket" shared_buffers=512MB max_wal_size=8GB ${server_options:-}; }
server_input=${SERVER[1]} server_process=$SERVER_PID
stop_cluster() { exec {server_input}>&-; wait "$server_process" || true; }
read -r PGPORT <&"${SERVER[0]}"
export PGPORT PGHOST="$work/socket" PGUSER=postgres PGPASSWORD=test
# Published as in deploy/Dockerfile.
! ${needs_worker:-true} || dotnet publish ../MigrationWorker --configuration Release --use-current-runtime --no-self-contained -p:PublishReadyToRun=true -o "$work/worker" --nologo -v quiet

worker() { # the worker on a database; its output goes to a file
  local database=$1; shift
  dotnet "$work/worker/MovieAspire.MigrationWorker.dll" "$@" --connection "Host=$PGHOST;Port=$PGPORT;Username=$PGUSER;Database=$database" >"$work/output" 2>&1 || { cat "$work/output" >&2; return 1; }
}
