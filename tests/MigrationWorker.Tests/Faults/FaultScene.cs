using MovieAspire.Data.Migrations;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.MigrationWorker.Tests.Faults;

/// <summary>A server that may be struck, databases to copy, and a folder for files.</summary>
internal sealed class FaultScene : IAsyncDisposable
{
    /// <summary>A database with schema and seed, and one of which half of the movies were changed since.</summary>
    public const string Seeded = "seeded";
    public const string Changed = "changed";

    /// <summary>A database with schema and no rows.</summary>
    public const string Schema = "schema";

    /// <summary>A seeded database of the first migration, and one in which no migration is recorded.</summary>
    public const string Earlier = "earlier";
    public const string Unrecorded = "unrecorded";

    /// <summary>A role that reads the tables of <see cref="Changed"/>, and those that are made there.</summary>
    public const string Reader = "reader";

    private readonly ThrowAwayCluster _server;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("movieaspire-faults-");
    private int _databases;

    /// <summary>What <see cref="Seeded"/> and <see cref="Changed"/> hold.</summary>
    public Dictionary<string, string> Hashes { get; } = [];

    private FaultScene(ThrowAwayCluster server, string profile) => (_server, Profile) = (server, profile);

    /// <summary>The profile of the seed.</summary>
    public string Profile { get; }

    public static async Task<FaultScene> CreateAsync(string profile)
    {
        var scene = new FaultScene(await ThrowAwayCluster.StartAsync(), profile);
        await scene.RunAsync(Seeded, "up", "--seed", profile);
        await scene.RunAsync(Schema, "up", "--seed", "none");
        await scene.AdministerAsync($"CREATE DATABASE {Changed} TEMPLATE {Seeded}");
        await Sql.ExecuteAsync(scene.ConnectionString(Changed), $"""
            UPDATE movies SET director = 'Somebody else' WHERE id % 2 = 0;
            CREATE ROLE {Reader};
            GRANT SELECT ON ALL TABLES IN SCHEMA public TO {Reader};
            ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {Reader};
            """);
        await scene.AdministerAsync($"CREATE DATABASE {Unrecorded} TEMPLATE {Seeded}");
        await Sql.ExecuteAsync(
            scene.ConnectionString(Unrecorded), "DELETE FROM applied_migrations; DELETE FROM \"__EFMigrationsHistory\"");
        await scene.AdministerAsync($"CREATE DATABASE {Earlier} TEMPLATE {Seeded}");
        await scene.RunAsync(Earlier, "migrate", "--to", MigrationScript.All[0].Id, "--yes");
        foreach (var name in new[] { Seeded, Changed })
        {
            scene.Hashes[name] = await SeededData.HashAsync(scene.ConnectionString(name) + ";Pooling=false");
        }

        return scene;
    }

    public string In(string name) => Path.Combine(_folder.FullName, name);

    public string ConnectionString(string database) =>
        new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Database = database }.ConnectionString;

    /// <summary>Copies a database; without one to copy, gives the name of one that is not there.</summary>
    public async Task<FaultDatabase> CreateDatabaseAsync(string? template)
    {
        var name = $"moviedb{_databases++}";
        if (template is not null)
        {
            await AdministerAsync($"CREATE DATABASE {name} TEMPLATE {template}");
        }

        return new FaultDatabase(this, name);
    }

    public async Task RunAsync(string database, params string[] command)
    {
        var result = await Worker.RunAsync(ConnectionString(database), command);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    /// <summary>Ends every connection of workers and of what they run.</summary>
    public Task CutConnectionsAsync() =>
        AdministerAsync(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name LIKE 'MovieAspire.MigrationWorker%'");

    public Task RestartAsync() => _server.RestartAsync();

    /// <summary>Drops a database and those that restores put beside it.</summary>
    public async Task DropAsync(string name)
    {
        await using var server = await ServerConnection.OpenMaintenanceAsync(new(_server.ConnectionString), CancellationToken.None);
        const string Own = "SELECT datname::text FROM pg_database WHERE datname = $1 OR datname LIKE $1 || '\\_%'";
        foreach (var database in await server.ListAsync<string>(Own, CancellationToken.None, name))
        {
            await server.ExecuteAsync($"DROP DATABASE {database} WITH (FORCE)", CancellationToken.None);
        }
    }

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private Task AdministerAsync(string sql) => Sql.ExecuteAsync(_server.ConnectionString, sql);
}

/// <summary>A database of a scene, which goes when this is disposed.</summary>
internal sealed record FaultDatabase(FaultScene Scene, string Name) : IAsyncDisposable
{
    public string ConnectionString => Scene.ConnectionString(Name);

    public async ValueTask DisposeAsync() => await Scene.DropAsync(Name);
}
