#!/bin/bash
# usage: deploy.sh [--dry-run] [API_IMAGE MIGRATIONS_IMAGE [ADMIN_IMAGE]]
#
# Deploys to the Docker engine of this machine: backs up and migrates the database, starts the new API next to the
# old one, and replaces that once the new one is healthy. If anything fails, the old version continues to serve, and
# the last line says what happened. It can be repeated; deploying what already runs changes nothing.
#
#   deploy.sh                               builds the images from this clone
#   deploy.sh API_IMAGE MIGRATIONS_IMAGE    uses images of this machine, or pulls them; with the admin site also its own
#   --dry-run                               only shows what would be done
#
# The first run creates .env (settings) and secrets/ (random passwords).
# shellcheck source=deploy/common.sh
. "$(dirname "$0")/common.sh"

images=()
for argument in "$@"; do
  case $argument in
  -*) common_option "$argument" ;;
  *) images+=("$argument") ;;
  esac
done
names='API_IMAGE MIGRATIONS_IMAGE'
if uses_admin; then names+=' ADMIN_IMAGE'; fi
case ${#images[@]} in
0 | "$(wc -w <<<"$names")") ;;
*) fail "give images, $names, or none to build them (the admin site is for COMPOSE_PROFILES=admin)" ;;
esac

scratch=$(mktemp -d)
candidate=
finish() {
  [ -z "$candidate" ] || docker rm --force "$candidate" >/dev/null
  rm -rf "$scratch"
}
trap finish EXIT

# Builds an image from this clone and prints its name. The tag is a hash: the same sources are the same release.
build() { # SERVICE
  say "building the image $1 ..." >&2
  change docker build --quiet --file Dockerfile --target "$1" --iidfile "$scratch/$1" .. >&2 || return
  if $dry_run; then
    say "movieaspire/$1:new"
  else
    image=movieaspire/$1:$(cut -c 8-19 "$scratch/$1")
    docker tag "$(cat "$scratch/$1")" "$image" && say "$image"
  fi
}

# Starts the new API beside the old one, without its port.
try_api() {
  local state
  if $dry_run; then compose run --detach --no-deps api && return; fi
  candidate=$(compose run --detach --no-deps api)
  for _ in $(seq 600); do
    state=$(docker inspect --format '{{.State.Status}} {{.State.Health.Status}}' "$candidate")
    case $state in
    'running healthy') return ;;
    'running starting') sleep 0.2 ;;
    *) break ;;
    esac
  done
  docker logs --tail 20 "$candidate" >&2
  return 1
}

require_engine
lock
prepare
old_api=$(setting API_IMAGE)
old_migrations=$(setting MIGRATIONS_IMAGE)
old_admin=$(setting ADMIN_IMAGE)
still=${old_api:+$old_api still serves}
still=${still:-nothing is deployed yet}
$dry_run || require_address

ADMIN_IMAGE=$old_admin
if [ ${#images[@]} -gt 0 ]; then
  API_IMAGE=${images[0]} MIGRATIONS_IMAGE=${images[1]} ADMIN_IMAGE=${images[2]:-$old_admin}
  for image in "${images[@]}"; do
    docker image inspect "$image" >/dev/null 2>&1 || change docker pull --quiet "$image" ||
      fail "there is no image $image, here or in its registry; $still"
  done
else
  docker buildx version >/dev/null 2>&1 ||
    fail "Docker's buildx plugin is missing: install docker-buildx-plugin, or deploy images that are built already"
  API_IMAGE=$(build api) || fail "the image of the API was not built; $still"
  MIGRATIONS_IMAGE=$(build migrations) || fail "the image of the migrations was not built; $still"
  if uses_admin; then ADMIN_IMAGE=$(build admin) || fail "the image of the admin site was not built; $still"; fi
fi
# For docker compose these take precedence over .env, which changes only after success.
export API_IMAGE MIGRATIONS_IMAGE ADMIN_IMAGE

start_database
set_up_roles || fail "the database roles were not set up, for the reason above; $still"
if [ "$API_IMAGE $MIGRATIONS_IMAGE $ADMIN_IMAGE" = "$old_api $old_migrations $old_admin" ]; then
  start_api || fail 'the API is not healthy: docker compose logs api'
  start_admin || fail 'the admin site is not healthy: docker compose logs admin'
  say "$API_IMAGE was deployed already and is healthy"
  exit
fi

say 'backing up and migrating the database ...'
[ -z "$old_api" ] || $dry_run || before=$(migrated_backup)
migrate || fail "the migration failed and was rolled back, for the reason above; $still"
if [ -n "$old_api" ] && ! $dry_run; then
  after=$(migrated_backup)
  # If this release fails from here on, a later one replaces the same old release, and its rollback needs this backup.
  [ "$after" = "$before" ] || [ -f upgrade-backup ] || say "${after% *}" >upgrade-backup
fi
if [ -n "$old_api" ]; then
  say 'trying the new API next to the old one ...'
  try_api || fail "the new API did not become healthy, its last lines are above; $still"
fi

say 'handing over ...'
if ! start_api; then
  docker compose logs --tail 20 api >&2
  [ -n "$old_api" ] || fail 'the API did not become healthy, its last lines are above'
  API_IMAGE=$old_api start_api || fail "neither the new API nor $old_api became healthy: docker compose logs api"
  fail "the new API did not become healthy, its last lines are above; $old_api serves again"
fi
if $dry_run; then
  say 'nothing was changed: this was a dry run'
else
  save_settings "API_IMAGE=$API_IMAGE" "MIGRATIONS_IMAGE=$MIGRATIONS_IMAGE" "ADMIN_IMAGE=$ADMIN_IMAGE"
  backup=$(cat upgrade-backup 2>/dev/null) || backup=-
  printf '%s %s %s %s%s\n' "$(date -u +%FT%TZ)" "$API_IMAGE" "$MIGRATIONS_IMAGE" "$backup" "${ADMIN_IMAGE:+ $ADMIN_IMAGE}" >>releases.log
  rm -f upgrade-backup
  say "$API_IMAGE is deployed and healthy at $(docker compose port api 8080)"
fi
# The API serves even if this fails.
start_admin || fail "the admin site did not become healthy: docker compose logs admin; $API_IMAGE serves"
