#!/bin/bash
# usage: status.sh
#
# Shows the state of the site: containers, health, schema, backups and releases.
# Exits with 0 if all is well, else with 1. Changes nothing, so --dry-run has no effect.
# shellcheck source=deploy/common.sh
. "$(dirname "$0")/common.sh"
for argument in "$@"; do common_option "$argument"; done
dry_run=false

well=true
part() { # TITLE COMMAND...: shows the command's output
  say "== $1"
  shift
  "$@" 2>&1 || well=false
}

health() { # SERVICE IMAGE_SETTING
  local state
  state=$(docker inspect --format '{{.State.Status}}, {{.State.Health.Status}}' "$(docker compose ps --all --quiet "$1")" 2>/dev/null) ||
    state='no container'
  say "$(setting "$2"): $state"
  [ "$state" = 'running, healthy' ]
}

releases() { if [ -f releases.log ]; then tail -5 releases.log; fi; }

require_release
part 'containers' docker compose ps --all --format 'table {{.Service}}\t{{.Status}}\t{{.Ports}}'
part 'API' health api API_IMAGE
if uses_admin; then part 'admin site' health admin ADMIN_IMAGE; fi
part 'schema' worker status --check
part 'backups' worker backups
part 'latest releases' releases
$well || fail 'the site has a problem, see above'
say 'all is well'
