#!/bin/bash
# usage: collect-postgres-tools.sh FOLDER
# Collects pg_dump and pg_restore of a PostgreSQL image so that they run on any distribution: each tool comes with
# its libraries and is started by the loader that it was linked for.
set -euo pipefail
folder=$1
mkdir -p "$folder/bin" "$folder/lib"
for tool in pg_dump pg_restore; do
  program=/usr/lib/postgresql/$PG_MAJOR/bin/$tool
  ldd "$program" | grep -o '/[^ ]*' | sort -u | xargs cp --dereference --target-directory="$folder/lib"
  loader=$(ldd "$program" | grep -o '/[^ ]*/ld-linux[^ ]*')
  cp "$program" "$folder/lib"
  cat >"$folder/bin/$tool" <<WRAPPER
#!/bin/sh
exec $folder/lib/${loader##*/} --library-path $folder/lib --argv0 $tool $folder/lib/$tool "\$@"
WRAPPER
  chmod 755 "$folder/bin/$tool"
done
