#!/bin/bash
# Takes the pictures of README and docs/observability.md anew: the browser test of the dashboard, with a folder for its pictures.
set -euo pipefail
cd "$(dirname "$0")/.."
SCREENSHOTS="$PWD/docs/images" dotnet test tests/AppHost.Tests --nologo --filter FullyQualifiedName~DashboardTests
