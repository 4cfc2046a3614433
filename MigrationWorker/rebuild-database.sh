#!/bin/sh
# Brings the database to the newest schema: builds an empty one, updates an older one, leaves a current one alone.
# Never deletes data, may be run at any time, and again after it was interrupted.
#
#   MigrationWorker/rebuild-database.sh "Host=localhost;Port=5432;Database=moviedb;Username=postgres;Password=..."
#   MigrationWorker/rebuild-database.sh            with the connection string in ConnectionStrings__moviedb
set -eu
cd "$(dirname "$0")/.."

case "${1:-}" in
    -h | --help) sed -n '2,6s/^# \{0,1\}//p' "MigrationWorker/rebuild-database.sh"; exit 0 ;;
    -* | "") ;;
    *) ConnectionStrings__moviedb=$1; export ConnectionStrings__moviedb; shift ;;
esac

if [ -z "${ConnectionStrings__moviedb:-}" ]; then
    echo "Which database? Give its connection string, for example:" >&2
    echo "  MigrationWorker/rebuild-database.sh \"Host=localhost;Database=moviedb;Username=postgres;Password=...\"" >&2
    exit 1
fi

if ! command -v dotnet >/dev/null 2>&1; then
    echo "The .NET SDK is missing: install it from https://dotnet.microsoft.com/download" >&2
    exit 1
fi

exec dotnet run --project MigrationWorker --verbosity quiet -- up "$@"
