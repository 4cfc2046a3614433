# shellcheck shell=bash disable=SC2154
# The settings (.env) and passwords (secrets/) of this site. Sourced by common.sh.

# The value of a setting in .env.
setting() { if [ -f .env ]; then sed -n "s/^$1=//p" .env | tail -1; fi; }

# Replaces settings in .env atomically: after a crash there is the old file or the new one.
save_settings() {
  local line
  cp -p .env .env.new
  for line in "$@"; do sed -i "s|^${line%%=*}=.*|$line|" .env.new; done
  mv .env.new .env
}

# Earlier releases had two compose files, and a dashboard of another name, whose container occupies the port.
adopt_earlier_site() {
  sed -i \
    -e 's|^COMPOSE_FILE=docker-compose.yaml:docker-compose.override.yaml|COMPOSE_FILE=compose.yaml|' \
    -e 's|^OTEL_EXPORTER_OTLP_ENDPOINT=http://compose-dashboard:|OTEL_EXPORTER_OTLP_ENDPOINT=http://dashboard:|' .env
  of_this_site ps --all --filter label=com.docker.compose.service=compose-dashboard | xargs --no-run-if-empty docker rm --force >/dev/null
}

# Lists ids of containers (ps) or names of volumes (volume ls).
of_this_site() {
  local project=${COMPOSE_PROJECT_NAME:-$(setting COMPOSE_PROJECT_NAME)}
  docker "$@" --quiet --filter "label=com.docker.compose.project=${project:-movieaspire}"
}

# The first run creates .env and the passwords. Later runs keep them, and add new settings and passwords of new roles.
prepare() {
  if [ ! -f .env ]; then
    change cp .env.example .env
  elif ! $dry_run; then
    # The last line may lack a newline.
    # shellcheck disable=SC1003
    sed -i '$a\' .env
    while read -r line; do
      grep -q "^${line%%=*}=" .env || say "$line" >>.env
    done < <(grep '^[A-Z_]*=' .env.example)
    adopt_earlier_site
  fi
  [ -s secrets/postgres-password ] || [ -z "$(of_this_site volume ls)" ] ||
    fail 'there is a database, but secrets/ is gone: put its files back, since only they have its password'
  if ! $dry_run; then make_secrets; elif [ ! -s secrets/api-connection-string ]; then say 'would make random passwords in secrets/'; fi
}

# Creates missing files, readable by the users in the containers. Other users of this machine cannot enter the folder.
make_secrets() {
  local user
  (umask 077 && mkdir -p secrets)
  for user in postgres owner api; do
    [ -s "secrets/$user-password" ] || head -c 24 /dev/urandom | base64 | tr '+/' '-_' >"secrets/$user-password"
    [ "$user" = postgres ] || [ -s "secrets/$user-connection-string" ] ||
      printf 'Host=postgres;Port=5432;Username=moviedb_%s;Password="%s";Database=moviedb\n' \
        "$user" "$(cat "secrets/$user-password")" >"secrets/$user-connection-string"
  done
  # Empty: no mail server.
  touch secrets/smtp
  chmod 644 secrets/*
}

# Fails before anything changes, and not only after the old API has released its port.
require_address() {
  local address port
  address=${API_ADDRESS:-$(setting API_ADDRESS)}
  port=${address##*:}
  case $(docker compose port api 8080 2>/dev/null) in *:"$port") return ;; esac
  address=${address%:*}
  if (exec 3<>"/dev/tcp/${address/#0.0.0.0/127.0.0.1}/$port") 2>/dev/null; then
    fail "something else answers at $address:$port: set another API_ADDRESS in .env"
  fi
}
