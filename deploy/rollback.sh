#!/bin/bash
# usage: rollback.sh [--with-database] [--yes] [--dry-run]
#
# Puts the previous release back into service.
#
# The database stays as it is: the previous release works with the migrations of the current one.
#
#   --with-database   also restores the backup from the deployment of the current release. What users wrote since
#                     then is no longer on the site (the replaced database is kept), so it asks for confirmation
#   --yes             does not ask for confirmation
#   --dry-run         only shows what would be done
# shellcheck source=deploy/common.sh
. "$(dirname "$0")/common.sh"

with_database=false
for argument in "$@"; do
  case $argument in
  --with-database) with_database=true ;;
  --yes) yes=true ;;
  *) common_option "$argument" ;;
  esac
done

require_release
lock
prepare
releases=()
if [ -f releases.log ]; then mapfile -t releases < <(tail -2 releases.log); fi
[ ${#releases[@]} -eq 2 ] || fail 'there is no release before the present one'
read -r since api migrations _ admin <<<"${releases[0]}"
read -r _ present_api _ backup _ <<<"${releases[1]}"
say "from $present_api back to $api, deployed at $since"

start_database
if $with_database; then
  [ "$backup" != - ] || fail "the database was not changed when $present_api was deployed, so there is nothing to take it back to"
  confirm "The database goes back to $backup; what users wrote since then leaves the site."
  stop_api
  worker restore "$backup" || result='the database was not restored, for the reason above'
fi
if [ -z "${result:-}" ]; then
  # A release without an admin site: the current one stays.
  $dry_run || save_settings "API_IMAGE=$api" "MIGRATIONS_IMAGE=$migrations" "ADMIN_IMAGE=${admin:-$(setting ADMIN_IMAGE)}"
fi
start_api || fail "${result:-$api did not become healthy}: docker compose logs api"
[ -z "${result:-}" ] || fail "$result; $present_api still serves"
start_admin || fail "the admin site did not become healthy: docker compose logs admin; $api serves"
if $dry_run; then
  say 'nothing was changed: this was a dry run'
else
  sed -i '$d' releases.log
  rm -f upgrade-backup
  say "$api serves"
fi
