using MovieAspire.Data.Schema;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.MigrationWorker.Tests.Migrations;

public sealed class RollbackTests
{
    [Fact]
    public async Task Every_migration_goes_up_down_and_up_again_on_a_populated_database()
    {
        await using var database = await SeededDatabase.CreateAsync();
        var before = await SchemaAsync(database);

        var down = await Worker.RunAsync(database.ConnectionString, "migrate", "--to", "nothing", "--yes");
        Assert.Equal((0, ""), (down.ExitCode, down.Error));
        Assert.Empty(await SchemaAsync(database));

        var up = await Worker.RunAsync(database.ConnectionString, "up");
        Assert.Equal((0, ""), (up.ExitCode, up.Error));
        Assert.Equal(before, await SchemaAsync(database));
    }

    [Fact]
    public async Task What_would_be_lost_is_counted_and_asked_for()
    {
        await using var database = await SeededDatabase.CreateAsync();
        var refused = await Worker.RunAsync(database.ConnectionString, "rollback");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("movies: 3,200 rows", refused.LastErrorLine, StringComparison.Ordinal);
        Assert.Contains("--yes", refused.LastErrorLine, StringComparison.Ordinal);
        Assert.Equal(3200, await Sql.ScalarAsync<long>(database.ConnectionString, "SELECT count(*) FROM movies"));
    }

    private static async Task<IReadOnlyList<SchemaObject>> SchemaAsync(TestDatabase database)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        return await SchemaCatalog.ReadAsync(connection);
    }
}
