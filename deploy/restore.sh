#!/bin/bash
# usage: restore.sh [--yes] [--dry-run] BACKUP
#
# Brings the database back to a backup: the name of one in the volume (status.sh lists them), or a file of this
# machine that `backup.sh --to` made, here or on another server. The backup is checked before anything is touched;
# the API is stopped meanwhile, so that nobody writes what would be lost. When something fails, the database is the
# one from before and the API starts again.
#
#   --yes       does not ask
#   --dry-run   shows what would be done
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
