#:project ../tests/Testing/Testing.csproj
// usage: dotnet run cluster.cs -- FOLDER [SETTING=VALUE]…
// Creates a PostgreSQL cluster in FOLDER with LocalPostgres, as tests do, prints its port, and serves until standard input ends.
using MovieAspire.Testing;

using var cluster = await ThrowAwayCluster.StartKeptAsync(args[0], args[1..]);
Console.WriteLine(cluster.Port);
await Console.In.ReadToEndAsync();
