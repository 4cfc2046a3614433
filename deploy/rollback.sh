#!/bin/bash
# usage: rollback.sh [--with-database] [--yes] [--dry-run]
#
# Puts the release before the present one back into service.
#
# The database stays as it is: migrations are made so that the version before them can live with their result.
#
#   --with-database   also takes the database back to the backup that was made when the present release was
#                     deployed; what people wrote since then is lost (the database of now is kept beside, as restore
#                     says), so it asks before
#   --yes             answers the question
#   --dry-run         shows what would be done
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
[ "$(wc -l 2>/dev/null <releases.log)" -ge 2 ] || fail 'there is no release before the present one'
read -r _ present_api _ backup < <(tail -1 releases.log)
read -r since api migrations _ < <(tail -2 releases.log | head -1)
say "from $present_api back to $api, deployed at $since"

start_database
if $with_database; then
  [ "$backup" != - ] || fail "no backup was made when $present_api was deployed"
  confirm "The database goes back to $backup; what was written since then leaves the site."
  compose stop api
  worker restore "/backups/$backup" --yes || fail "the restore failed and the database is as it was; put the site back with: docker compose up -d --no-deps api"
fi

$dry_run || save_settings "API_IMAGE=$api" "MIGRATIONS_IMAGE=$migrations"
start_api || fail "$api did not become healthy: docker compose logs api"
$dry_run || sed -i '$d' releases.log
say "$api serves"
