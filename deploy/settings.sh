# shellcheck shell=bash disable=SC2154
# What a server makes of its own: .env and secrets/. Sourced by common.sh, never run.

# Value of a line of .env.
setting() { if [ -f .env ]; then sed -n "s/^$1=//p" .env | tail -1; fi; }

# Replaces NAME=VALUE lines of .env in one step: a crash leaves the old file or the new one.
save_settings() {
  local line
  cp -p .env .env.new
  for line in "$@"; do sed -i "s|^${line%%=*}=.*|$line|" .env.new; done
  mv .env.new .env
}

# The first run makes the settings and a password; later ones keep them, and add settings that are new.
prepare() {
  if [ ! -f .env ]; then
    change cp .env.example .env
  elif ! $dry_run; then
    # An unfinished last line is finished first.
    # shellcheck disable=SC1003
    sed -i '$a\' .env
    while read -r line; do
      grep -q "^${line%%=*}=" .env || say "$line" >>.env
    done < <(grep '^[A-Z_]*=' .env.example)
  fi
  [ -s secrets/connection-string ] && return
  project=${COMPOSE_PROJECT_NAME:-$(setting COMPOSE_PROJECT_NAME)}
  [ -z "$(docker volume ls --quiet --filter "label=com.docker.compose.project=${project:-movieaspire}")" ] ||
    fail 'there is a database, but secrets/ is gone: put its files back, for only they have the password'
  if $dry_run; then say 'would make a random password in secrets/'; else make_secrets; fi
}

# Readable for the users inside the containers, in a folder that no other user of this machine can enter.
make_secrets() {
  local password
  (umask 077 && mkdir -p secrets)
  [ -s secrets/postgres-password ] || head -c 24 /dev/urandom | base64 | tr '+/' '-_' >secrets/postgres-password
  password=$(cat secrets/postgres-password)
  # PostgreSQL takes 100 connections: enough for two releases of the API side by side, a replica and the worker.
  printf 'Host=postgres;Port=5432;Username=postgres;Password="%s";Database=moviedb;Maximum Pool Size=30\n' "${password//\"/\"\"}" >secrets/connection-string
  chmod 644 secrets/*
}

# Better now than when the old API has left its port for another, and cannot get it back.
require_address() {
  local address port
  address=${API_ADDRESS:-$(setting API_ADDRESS)}
  port=${address##*:}
  case $(docker compose port api "$(setting API_PORT)" 2>/dev/null) in *:"$port") return ;; esac
  address=${address%:*}
  if (exec 3<>"/dev/tcp/${address/#0.0.0.0/127.0.0.1}/$port") 2>/dev/null; then
    fail "something else answers at $address:$port: set another API_ADDRESS in .env"
  fi
}
