#!/bin/bash
# Floods the dashboard of the real AppHost with spans over OTLP/gRPC from another process (SECONDS at 5,000 a second unless given),
# and prints how long its pages took meanwhile, the AppHost's peak memory, and how much of the flood it took.
# usage: [CONFIGURATION=Debug] bench/dashboard.sh [SECONDS] [SPANS_PER_SECOND]
set -euo pipefail
cd "$(dirname "$0")/.."
configuration=${CONFIGURATION:-Release}
dotnet build AppHost -c "$configuration" --nologo -v quiet -clp:ErrorsOnly
dotnet build bench/Standalone.Dashboard.Bench -c Release --nologo -v quiet -clp:ErrorsOnly
exec dotnet artifacts/bin/Standalone.Dashboard.Bench/release/MovieAspire.Standalone.Dashboard.Bench.dll \
  "artifacts/bin/AppHost/${configuration,,}/MovieAspire.AppHost.dll" "${1:-60}" "${2:-5000}"
