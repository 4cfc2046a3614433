#!/bin/bash
# Takes the pictures of README, docs/observability.md and docs/admin.md anew: browser tests, with a folder for their pictures.
set -euo pipefail
cd "$(dirname "$0")/.."
export SCREENSHOTS="$PWD/docs/images"
dotnet test tests/AppHost.Tests --nologo --filter FullyQualifiedName~DashboardTests
dotnet test tests/Admin.Tests --nologo
