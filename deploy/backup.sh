#!/bin/bash
# usage: backup.sh [--dry-run] [--to FOLDER]
#
# Backs the database up, while the site serves, into the volume `backups`; lists what is there.
#
#   --to FOLDER   also copies the new backup, with its checksums beside it, into a folder of this machine,
#                 from where it can go to another one
#   --dry-run     shows what would be done
# shellcheck source=deploy/common.sh
. "$(dirname "$0")/common.sh"

folder=
while [ $# -gt 0 ]; do
  case $1 in
  --to)
    folder=$(cd "$caller" && realpath --canonicalize-missing "${2:?--to needs a folder}")
    shift
    ;;
  *) common_option "$1" ;;
  esac
  shift
done

require_release
lock
start_database
worker backup /backups || fail 'the backup failed, for the reason above'
$dry_run || name=$(newest_backup)
if [ -n "$folder" ]; then
  mkdir -p "$folder"
  change copy_out
fi
say "backed up as $name${folder:+, copied to $folder}"
