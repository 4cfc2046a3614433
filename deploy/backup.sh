#!/bin/bash
# usage: backup.sh [--to FOLDER] [--dry-run]
#
# Backs the database up into the volume `backups`. The site keeps serving.
#
#   --to FOLDER   also copies the backup and its manifest (checksum, row counts) to a folder of this machine
#   --dry-run     only shows what would be done
# shellcheck source=deploy/common.sh
. "$(dirname "$0")/common.sh"

folder=
while [ $# -gt 0 ]; do
  case $1 in
  --to)
    [ -n "${2:-}" ] || fail '--to needs a folder'
    folder=$(cd "$caller" && realpath --canonicalize-missing -- "$2")
    shift
    ;;
  *) common_option "$1" ;;
  esac
  shift
done

require_release
lock
start_database
worker backup || fail 'the backup failed, for the reason above'
if [ -z "$folder" ]; then exit; fi
if $dry_run; then
  say "would copy it to $folder"
  exit
fi

name=$(newest_backup)
mkdir -p "$folder"
# The manifest is copied last, so its presence means that the copy is complete.
for file in "$name" "$name.json"; do
  in_backups cat "$file" >"$folder/$file.part" || fail "$file was not copied to $folder"
  mv "$folder/$file.part" "$folder/$file"
done
say "copied to $folder/$name"
