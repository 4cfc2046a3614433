# shellcheck shell=bash
# For other scripts to source: a PostgreSQL cluster of their own (cluster.cs) with its files in a temporary folder, $work, which goes when they end.
# Sets PGHOST, a folder with a socket that containers can use, too, PGPORT, PGUSER and PGPASSWORD, and publishes the worker. Where the script has
# set $keep, the cluster lies in that folder, which stays, and is taken up again by the next run; $server_options are further settings of the
# server, and $needs_worker=false leaves the worker out.
work=$(mktemp -d)
cluster=${keep:-$work/pg}
trap 'stop_cluster; rm -rf "$work"' EXIT

# Its socket lies apart from the data, which is closed to others; the server's own user has to write there.
mkdir "$work/socket"
chmod 755 "$work"
chmod 1777 "$work/socket"
# shellcheck disable=SC2086
coproc SERVER { exec dotnet run cluster.cs -- "$cluster" unix_socket_directories="$work/socket" shared_buffers=512MB max_wal_size=8GB ${server_options:-}; }
server_input=${SERVER[1]} server_process=$SERVER_PID
stop_cluster() { exec {server_input}>&-; wait "$server_process" || true; }
read -r PGPORT <&"${SERVER[0]}"
export PGPORT PGHOST="$work/socket" PGUSER=postgres PGPASSWORD=test
# As MigrationWorker/Dockerfile publishes it.
! ${needs_worker:-true} || dotnet publish ../MigrationWorker --configuration Release --use-current-runtime --no-self-contained -p:PublishReadyToRun=true -o "$work/worker" --nologo -v quiet

worker() { # the worker on a database; its output goes to a file
  local database=$1; shift
  dotnet "$work/worker/MovieAspire.MigrationWorker.dll" "$@" --connection "Host=$PGHOST;Port=$PGPORT;Username=$PGUSER;Database=$database" >"$work/output" 2>&1 || { cat "$work/output" >&2; return 1; }
}
