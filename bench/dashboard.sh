#!/bin/bash
# Floods a dashboard in a process of its own with spans over OTLP/gRPC (SECONDS at 5,000 a second unless given), and prints how long
# its pages took meanwhile, its peak memory, and how much of the flood it took.
# usage: bench/dashboard.sh [SECONDS] [SPANS_PER_SECOND]
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build bench/Standalone.Dashboard.Bench -c Release --nologo -v quiet
exec dotnet artifacts/bin/Standalone.Dashboard.Bench/release/MovieAspire.Standalone.Dashboard.Bench.dll "${1:-60}" "${2:-5000}"
