#!/bin/bash
# usage: restore.sh [--yes] [--dry-run] BACKUP
#
# Restores the database from a backup: one in the volume by its name (status.sh lists them), or a file from
# `backup.sh --to`, of this or another server. The backup is restored beside the live database, compared row by row,
# and then takes its place. The API is stopped meanwhile, so that no writes are lost. If anything fails, the site keeps
# its database. The replaced database is kept, too: docker compose run --rm migrations restore --help
#
#   --yes       does not ask for confirmation
#   --dry-run   only shows what would be done
# shellcheck source=deploy/common.sh
. "$(dirname "$0")/common.sh"

backup=
for argument in "$@"; do
  case $argument in
  --yes) yes=true ;;
  -*) common_option "$argument" ;;
  *) backup=$argument ;;
  esac
done
[ -n "$backup" ] || fail 'which backup? Give a name that status.sh lists, or a file'

require_release
lock
prepare
start_database
file=$(cd "$caller" && realpath --canonicalize-missing -- "$backup")
name=$(basename "$backup")
if [ -f "$file" ]; then
  [ -f "$file.json" ] || fail "$file.json is missing: copy the manifest of the backup, too"
  for ending in '' .json; do
    if $dry_run; then
      say "would copy $file$ending into the volume"
    else
      in_backups tee "$name$ending" <"$file$ending" >/dev/null || fail "$file$ending was not copied into the volume"
    fi
  done
fi
confirm "The database goes back to $name; what users wrote since then leaves the site."

stop_api
# Migrates a backup of an older release.
worker restore "$name" || failure='the restore failed'
[ -n "${failure:-}" ] || migrate || failure='the backup was restored, but the migration failed'
start_api || fail "${failure:-restored $name}, and the API did not become healthy: docker compose logs api"
[ -z "${failure:-}" ] || fail "$failure, for the reason above; the API serves"
if $dry_run; then say 'nothing was changed: this was a dry run'; else say "restored $name; the API serves"; fi
