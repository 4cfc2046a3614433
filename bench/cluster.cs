#:project ../tests/Testing/Testing.csproj
// usage: dotnet run cluster.cs -- FOLDER [SETTING=VALUE]…
// A PostgreSQL cluster in FOLDER, made and served as LocalPostgres does it for developers and tests: prints its port, and serves until standard input ends.
using MovieAspire.Testing;

using var cluster = await ThrowAwayCluster.StartKeptAsync(args[0], args[1..]);
Console.WriteLine(cluster.Port);
await Console.In.ReadToEndAsync();
