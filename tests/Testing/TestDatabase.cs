using System.Collections.Concurrent;
using MovieAspire.Data.Migrations;
using Npgsql;

namespace MovieAspire.Testing;

/// <summary>A database of one test or test class, dropped when disposed.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Templates = new();

    private TestDatabase(string name, string connectionString)
    {
        Name = name;
        ConnectionString = connectionString;
    }

    public string Name { get; }

    /// <summary>The connection string of the database's owner, a superuser.</summary>
    public string ConnectionString { get; }

    /// <summary>Creates an empty database.</summary>
    public static Task<TestDatabase> CreateAsync() => CreateAsync("template1");

    /// <summary>Creates a database with this build's schema and only the rows of the migrations.</summary>
    public static Task<TestDatabase> AtSchemaAsync() => CloneAsync("schema", MigrateAsync);

    /// <summary>Migrates an empty database, and records the migrations as the worker does.</summary>
    public static async Task MigrateAsync(string connectionString)
    {
        foreach (var migration in MigrationScript.All)
        {
            // The statements are sent together and so are one transaction, in which an index cannot be built concurrently.
            await Sql.ExecuteAsync(connectionString, migration.Up.Replace(" CONCURRENTLY", "", StringComparison.Ordinal));
            await Sql.ExecuteAsync(
                connectionString,
                "INSERT INTO applied_migrations (migration_id, checksum) VALUES ($1, $2)",
                migration.Id,
                migration.Checksum);
        }
    }

    /// <summary>
    /// Copies a template database, which <paramref name="build"/> fills once per test process and <paramref name="key"/>.
    /// </summary>
    /// <param name="key">Identifies the template.</param>
    /// <param name="build">Fills the database of a connection string. Must leave no connection open.</param>
    /// <param name="create">Creates the database to fill; an empty one by default.</param>
    public static async Task<TestDatabase> CloneAsync(string key, Func<string, Task> build, Func<Task<TestDatabase>>? create = null) =>
        await CreateAsync(await Templates.GetOrAdd(key, _ => new(() => BuildTemplateAsync(build, create ?? CreateAsync))).Value);

    public async ValueTask DisposeAsync()
    {
        await using (var connection = new NpgsqlConnection(ConnectionString))
        {
            NpgsqlConnection.ClearPool(connection);
        }

        await PostgresServer.ExecuteAsync($"""DROP DATABASE IF EXISTS "{Name}" WITH (FORCE)""");
    }

    private static async Task<string> BuildTemplateAsync(Func<string, Task> build, Func<Task<TestDatabase>> create)
    {
        var template = await create();
        await build(template.ConnectionString + ";Pooling=false");
        return template.Name;
    }

    private static async Task<TestDatabase> CreateAsync(string template)
    {
        // Short enough that the worker's shadow databases can have longer names that start with it.
        var name = $"test_{Guid.NewGuid():N}"[..33];
        await PostgresServer.ExecuteAsync($"""CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy""");
        var server = new NpgsqlConnectionStringBuilder(await PostgresServer.ConnectionStringAsync()) { Database = name };
        return new TestDatabase(name, server.ConnectionString);
    }
}
