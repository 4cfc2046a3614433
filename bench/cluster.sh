# For other scripts to source: a PostgreSQL cluster of their own in a temporary folder, $work, which goes when they end.
# Sets PGHOST, PGPORT and PGUSER, and publishes the worker. Where the script has set $keep, the cluster lies in that folder, which stays, and
# is taken up again by the next run; $server_options are further options of the server, and $needs_worker=false leaves the worker out.
# The newest PostgreSQL of the usual Linux folders or the PATH. LocalPostgres knows more places, but serves TCP with passwords; here
# containers and tools share a socket without one.
binaries=$(for folder in "$(dirname "$(command -v initdb || echo /none)")" /usr/lib/postgresql/*/bin /usr/pgsql-*/bin; do
  [ ! -x "$folder/initdb" ] || [ ! -x "$folder/pg_ctl" ] || echo "$("$folder/postgres" --version | grep -oE '[0-9]+(\.[0-9]+)?' | head -1) $folder"
done | sort -V | tail -1 | cut -d' ' -f2-)
work=$(mktemp -d)
chmod 755 "$work"
data=${keep:-$work/pg}/data
trap 'as_server "$binaries/pg_ctl" -D "$data" -m immediate stop >/dev/null || true; rm -rf "$work"' EXIT

as_server() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"; else "$@"; fi; }

mkdir -p "$work/pg" "$(dirname "$data")"
[ "$(id -u)" != 0 ] || chown postgres "$work/pg" "$(dirname "$data")"
export PGPORT=5432 PGHOST="$work/pg" PGUSER=postgres
[ -e "$data/PG_VERSION" ] || as_server "$binaries/initdb" -D "$data" -U postgres --auth=trust --encoding=UTF8 --locale=C >/dev/null
as_server "$binaries/pg_ctl" -D "$data" -l "$work/pg/log" -w start \
  -o "-c listen_addresses= -c unix_socket_directories=$work/pg -c shared_buffers=512MB -c max_wal_size=8GB ${server_options:-}" >/dev/null
# As MigrationWorker/Dockerfile publishes it.
! ${needs_worker:-true} || dotnet publish ../MigrationWorker --configuration Release --use-current-runtime --no-self-contained -p:PublishReadyToRun=true -o "$work/worker" --nologo -v quiet

worker() { # the worker on a database; its output goes to a file
  local database=$1; shift
  dotnet "$work/worker/MovieAspire.MigrationWorker.dll" "$@" --connection "Host=$PGHOST;Username=postgres;Database=$database" >"$work/output" 2>&1 || { cat "$work/output" >&2; return 1; }
}
