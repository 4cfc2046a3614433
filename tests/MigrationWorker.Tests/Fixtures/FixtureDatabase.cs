using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using MovieAspire.Data.Migrations;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Fixtures;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.MigrationWorker.Tests.Fixtures;

/// <summary>A database with schema and no rows, dumped and loaded within this process.</summary>
internal sealed class FixtureDatabase : IAsyncDisposable
{
    private readonly TestDatabase _database;

    private FixtureDatabase(TestDatabase database) => _database = database;

    public string ConnectionString => _database.ConnectionString;

    public static async Task<FixtureDatabase> CreateAsync() => new(await TestDatabase.AtSchemaAsync());

    public Task<string> DumpAsync(params string[] tables) => DumpAsync(ConnectionString, tables);

    public static async Task<string> DumpAsync(
        string connectionString, IReadOnlyCollection<string> tables, IReadOnlyCollection<string>? secrets = null)
    {
        await using var connection = await OpenAsync(connectionString);
        using var output = new MemoryStream();
        await new FixtureDump(connection, NullLogger.Instance).WriteAsync(
            FixtureSelection.Choose(tables, secrets ?? []), output, CancellationToken.None);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    /// <summary>Loads a document and gives what was rejected, as "table, line n: reason".</summary>
    public Task<string[]> LoadAsync(string document, bool overwrite = false, bool skipRejects = false) =>
        LoadAsync(Encoding.UTF8.GetBytes(document), overwrite, skipRejects);

    public async Task<string[]> LoadAsync(byte[] document, bool overwrite = false, bool skipRejects = false)
    {
        var list = Path.GetTempFileName();
        try
        {
            await using var connection = await OpenAsync(ConnectionString);
            using (var rejects = new Rejects(list))
            {
                await new FixtureLoad(connection, new LoadOptions(overwrite, skipRejects), rejects, NullLogger.Instance)
                    .RunAsync(new MemoryStream(document), "file.json", () => 0, CancellationToken.None);
            }

            return await File.ReadAllLinesAsync(list);
        }
        finally
        {
            File.Delete(list);
        }
    }

    public Task<T?> ScalarAsync<T>(string sql) => Sql.ScalarAsync<T>(ConnectionString, sql);

    public Task ExecuteAsync(string sql) => Sql.ExecuteAsync(ConnectionString, sql);

    /// <summary>A document at this build's migration, whose tables begin on line 5.</summary>
    public static string Document(string tables, string? migration = null) =>
        $$"""
        {"format": "movieaspire-fixture",
        "version": 1,
        "migration": "{{migration ?? MigrationScript.LatestId}}",
        "tables": {
        {{tables}}
        }
        }
        """;

    /// <summary>A document with records of one table, each on a line of its own from line 6 on.</summary>
    public static string DocumentOf(string table, IEnumerable<(string Record, string Reason)> records) =>
        Document($"\"{table}\": [\n{string.Join(",\n", records.Select(record => record.Record))}\n]");

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString + ";Pooling=false;Include Error Detail=true");
        await connection.OpenAsync();
        return connection;
    }
}
