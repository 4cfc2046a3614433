#!/bin/bash
# Times the built AppHost from its start until /health of the API is 200, without a container engine: the first start (initdb, schema,
# 3,200 movies, 100,000 ratings) and the next one with its data. In turns with an AppHost of one empty web project, so that the ratios
# are comparable between machines. Prints a line per start, then medians and ratios.
# usage: bench/startup.sh [ROUNDS]
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-5}
empty=artifacts/bench/startup
mkdir -p "$empty/EmptyWeb" "$empty/EmptyAppHost"
cat >"$empty/EmptyWeb/EmptyWeb.csproj" <<'X'
<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup><Compile Include="Program.cs" /></ItemGroup></Project>
X
cat >"$empty/EmptyWeb/Program.cs" <<'X'
var app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/health", () => "empty");
app.Run();
X
cat >"$empty/EmptyAppHost/EmptyAppHost.csproj" <<X
<Project Sdk="$(grep -o 'Aspire.AppHost.Sdk/[0-9.]*' AppHost/AppHost.csproj)">
  <PropertyGroup><OutputType>Exe</OutputType><AspireUseCliBundle>false</AspireUseCliBundle><NoWarn>ASPIRE010</NoWarn></PropertyGroup>
  <ItemGroup><Compile Include="Program.cs" /><PackageReference Include="Aspire.Hosting.AppHost" /><ProjectReference Include="../EmptyWeb/EmptyWeb.csproj" /></ItemGroup>
</Project>
X
cat >"$empty/EmptyAppHost/Program.cs" <<'X'
var builder = DistributedApplication.CreateBuilder(args);
builder.AddProject<Projects.EmptyWeb>("web").WithHttpEndpoint(port: 5181);
builder.Build().Run();
X
for project in AppHost "$empty/EmptyAppHost"; do dotnet build "$project" --nologo -v quiet -clp:ErrorsOnly; done

data=$(mktemp -d)
chmod 755 "$data"
pid=
trap 'if [ -n "$pid" ]; then kill -TERM "$pid" || true; wait "$pid" || true; fi; rm -rf "$data"' EXIT
export ASPNETCORE_ENVIRONMENT=Development DOTNET_ENVIRONMENT=Development ASPNETCORE_URLS=http://localhost:15181
export ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=http://localhost:0 ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL=http://localhost:0 ASPIRE_ALLOW_UNSECURED_TRANSPORT=true
export Postgres=process PostgresData="$data/postgres"

start() { # WHAT PROGRAM URL: seconds to 200, then a stop by SIGTERM
  local begun now
  begun=$(date +%s%N)
  dotnet exec "$2" >"$data/log" 2>&1 &
  pid=$!
  until curl -fs -o /dev/null "$3"; do
    kill -0 "$pid" 2>/dev/null || { cat "$data/log" >&2; exit 1; }
    sleep 0.02
  done
  now=$(date +%s%N)
  kill -TERM "$pid"
  wait "$pid" || true
  pid=
  awk -v ns=$((now - begun)) -v what="$1" 'BEGIN { printf "%-6s %5.2f s\n", what, ns / 1e9 }' | tee -a "$data/times"
}

for _ in $(seq "$rounds"); do
  rm -rf "$data/postgres"
  start empty artifacts/bin/EmptyAppHost/debug/MovieAspire.EmptyAppHost.dll http://localhost:5181/health
  start first artifacts/bin/AppHost/debug/MovieAspire.AppHost.dll http://localhost:5180/health
  start later artifacts/bin/AppHost/debug/MovieAspire.AppHost.dll http://localhost:5180/health
done

sort -k1,1 -k2,2n "$data/times" | awk '
  { time[$1, ++count[$1]] = $2 }
  END {
    for (what in count) median[what] = time[what, int((count[what] + 1) / 2)]
    printf "medians: empty AppHost %.2f s; first start %.2f s, %.2f times; later start %.2f s, %.2f times\n",
      median["empty"], median["first"], median["first"] / median["empty"], median["later"], median["later"] / median["empty"]
  }'
