#!/bin/bash
# Takes the pictures of docs/observability.md anew, of the real AppHost in a headless Chromium.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet test tests/Standalone.Dashboard.Tests --nologo -v quiet --filter 'FullyQualifiedName~ScreenshotTests'
mkdir -p docs/images
cp artifacts/screenshots/*.png docs/images/
