# shellcheck shell=bash
# Shared by the scripts of this folder, which source it.
set -euo pipefail
# The base of the caller's relative paths.
export caller=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")"
dry_run=false
# shellcheck source=deploy/settings.sh
. ./settings.sh

say() { printf '%s\n' "$*"; }
fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# Prints the comment at the top of the script.
usage() { sed -n '2,/^[^#]/{/^# shellcheck/d;/^#/s/^# \{0,1\}//p}' "$(basename "$0")"; }

# Handles the options that all scripts have; fails for others.
common_option() {
  case $1 in
  --dry-run) dry_run=true ;;
  -h | --help)
    usage
    exit 0
    ;;
  *) fail "'$1' is not known: --help lists the options" ;;
  esac
}

# Runs a command that changes something; with --dry-run only prints it.
change() {
  if $dry_run; then
    printf 'would run:'
    printf ' %q' "$@"
    printf '\n'
  else
    "$@"
  fi
}

at_least() { printf '%s\n' "$@" | sort --version-sort --check=quiet; } # WANTED HAVE

require_engine() {
  local compose engine
  command -v docker >/dev/null || fail 'docker is missing: install Docker Engine, https://docs.docker.com/engine/install/'
  docker info >/dev/null 2>&1 || fail "the Docker engine does not answer: start it, or run this as a user of the group 'docker'"
  # 25 is the first version with a start interval of health checks.
  engine=$(docker version --format '{{.Server.APIVersion}}')
  at_least 1.44 "$engine" || fail "the Docker engine is too old: 25 or newer is needed"
  compose=$(docker compose version --short 2>/dev/null) || fail "Docker's compose plugin is missing: install docker-compose-plugin"
  # Released with that engine.
  at_least 2.24 "${compose#v}" || fail "docker compose $compose is too old: 2.24 or newer is needed"
  # Git removes this file. If it stayed, compose would merge it into compose.yaml.
  [ ! -e docker-compose.override.yaml ] ||
    fail "remove $PWD/docker-compose.override.yaml: it belongs to an earlier release (your own settings: compose.override.yaml)"
}

require_release() {
  require_engine
  [ -s secrets/api-connection-string ] || [ -z "$(setting API_IMAGE)" ] ||
    fail 'run ./deploy.sh first: it makes database roles that this release of the scripts needs'
  [ -n "$(setting API_IMAGE)" ] || fail 'nothing is deployed here yet: run ./deploy.sh first'
}

# Lets one script at a time change the site. The lock ends with the process.
lock() {
  $dry_run && return
  exec 9>.lock
  flock --nonblock 9 || fail 'another of these scripts is running here: wait until it has ended'
}

# Asks before an irreversible action; --yes confirms it.
confirm() {
  local answer
  if $dry_run || ${yes:-false}; then return; fi
  [ -t 0 ] || fail "$1 Give --yes to say that you mean it."
  read -r -p "$1 Go on? [y/N] " answer
  [ "$answer" = y ] || fail 'nothing was changed'
}

compose() { change docker compose --progress quiet "$@"; }

# Runs the worker with a command of its own, such as `status`.
worker() { compose run --rm --no-TTY --no-deps migrations "$@"; }

# Migrates the database, and backs it up before if it has data. The service's container stays, with its log and exit code.
migrate() {
  local container
  compose up --detach --no-deps --force-recreate migrations || return
  if $dry_run; then return; fi
  container=$(docker compose ps --all --quiet migrations)
  docker logs --follow "$container"
  [ "$(docker wait "$container")" = 0 ]
}

start_database() {
  compose up --detach --wait --wait-timeout 120 --no-deps postgres || fail 'PostgreSQL did not become healthy: docker compose logs postgres'
}

# Creates the roles with the passwords of secrets/, and makes the worker's role the owner of the database; see roles.sql.
set_up_roles() {
  local user
  if $dry_run; then
    say 'would set up the database roles with roles.sql'
    return
  fi
  {
    for user in owner api; do printf "\\set %s_password '%s'\n" "${user/api/application}" "$(cat "secrets/$user-password")"; done
    cat roles.sql
  } | docker compose --progress quiet exec --no-TTY postgres sh -c \
    'PGPASSWORD=$(cat /run/secrets/postgres-password) exec psql --host=127.0.0.1 --username=postgres --no-psqlrc --quiet --file=- postgres'
}

# Starts the API with the image in the environment or .env, and succeeds when it is healthy.
start_api() { compose up --detach --wait --wait-timeout 120 --no-deps api; }

# Whether this site has the admin site, too.
uses_admin() { case ,${COMPOSE_PROFILES:-$(setting COMPOSE_PROFILES)}, in *,admin,*) ;; *) false ;; esac }

# Starts the admin site, or removes it if .env no longer names its image.
start_admin() {
  if uses_admin; then
    compose up --detach --wait --wait-timeout 120 --no-deps admin
  elif [ -n "$(docker compose --profile admin ps --all --quiet admin)" ]; then
    compose --profile admin rm --stop --force admin
  fi
}

# Stops the API, so that no writes are lost. It is started again however the script ends.
stop_api() {
  trap 'compose up --detach --no-deps api' EXIT
  compose stop api
}

# Runs a program, such as `cat`, in the volume of the backups.
in_backups() { docker compose --progress quiet run --rm --no-TTY --no-deps --workdir /backups --entrypoint "$1" migrations "${@:2}"; }

# The backup before the latest migrations, which may be one of an earlier attempt at them, and when they were applied. Empty if
# there is none.
migrated_backup() {
  in_backups sh -c 'grep -oH "\"migratedAt\": *\"[^\"]*" -- *.json 2>/dev/null | sed "s/^\(.*\)\.json:.*\"/\1 /" | LC_ALL=C sort -k2 | tail -1'
}

# The name of the newest backup; empty if there is none.
newest_backup() { in_backups sh -c 'ls -t -- *.dump *.sql.gz 2>/dev/null | head -1'; }
