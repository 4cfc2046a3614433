using MovieAspire.Data.Migrations;
using MovieAspire.Data.Schema;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Migrations;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.MigrationWorker.Tests.Migrations;

public sealed class RollbackTests
{
    [Fact]
    public async Task Every_migration_goes_up_down_and_up_again_on_a_populated_database()
    {
        await using var database = await SeededDatabase.CreateSmallAsync();
        var before = await SchemaAsync(database);

        var down = await Worker.RunAsync(database.ConnectionString, "migrate", "--to", "nothing", "--yes");
        Assert.Equal((0, ""), (down.ExitCode, down.Error));
        Assert.Empty(await SchemaAsync(database));

        var up = await Worker.RunAsync(database.ConnectionString, "up", "--seed", "none");
        Assert.Equal((0, ""), (up.ExitCode, up.Error));
        Assert.Equal(before, await SchemaAsync(database));
    }

    [Fact]
    public async Task Rollback_counts_what_it_would_lose_and_asks()
    {
        await using var database = await SeededDatabase.CreateAsync("movies");
        var refused = await Worker.RunAsync(
            database.ConnectionString, "rollback", "--steps", $"{MigrationScript.All.Count}");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("movies: 3,200 rows", refused.LastErrorLine, StringComparison.Ordinal);
        Assert.Contains("--yes", refused.LastErrorLine, StringComparison.Ordinal);
        Assert.Equal(3200, await Sql.ScalarAsync<long>(database.ConnectionString, "SELECT count(*) FROM movies"));
    }

    [Fact]
    public async Task Each_migration_goes_up_at_its_place_and_comes_back_one_by_one()
    {
        await using var database = await SeededDatabase.CreateSmallAsync();
        IReadOnlyList<MigrationScript> scripts = [.. MigrationScript.All, .. FakeMigrations.Four];
        var before = await SchemaAsync(database);
        await using var connection = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        var arguments = WorkerCommandLine.Create().Parse(["up", "--connection", database.ConnectionString]);
        await using var context = await CommandContext.StartAsync("test", arguments, default);
        var migrator = new Migrator(context, connection);

        await migrator.RunAsync(MigrationPlan.ToLatest(await StateAsync()), default);
        Assert.Equal(
            "3 author", await Sql.ScalarAsync<string>(database.ConnectionString, "SELECT count(*) || ' ' || min(author) FROM notes"));
        Assert.NotNull(await Sql.ScalarAsync<string>(database.ConnectionString, "SELECT to_regclass('ix_notes_body')::text"));
        Assert.Equal(FakeMigrations.Four.Select(script => script.Id), (await StateAsync()).Applied.Skip(MigrationScript.All.Count));

        await migrator.RunAsync(MigrationPlan.Rollback(await StateAsync(), 2), default);
        Assert.Equal("-Second -First", MigrationPlan.To(await StateAsync(), MigrationScript.LatestId).Describe());
        Assert.Equal(0, await Sql.ScalarAsync<long>(database.ConnectionString, "SELECT count(*) FROM notes"));
        await Sql.ExecuteAsync(database.ConnectionString, "INSERT INTO notes VALUES (1, 'body', 'author'), (2, NULL, 'author')");
        var losses = await DataLoss.FindAsync(connection, MigrationPlan.Rollback(await StateAsync(), 1), default);
        Assert.Equal(["notes.body: 1 row", "notes.author: 2 rows"], losses.Select(loss => loss.ToString()));

        await migrator.RunAsync(MigrationPlan.To(await StateAsync(), MigrationScript.LatestId), default);
        Assert.Equal(before, await SchemaAsync(database));
        Assert.Empty((await StateAsync()).Checksums.Keys.Except(MigrationScript.All.Select(script => script.Id)));

        Task<MigrationState> StateAsync() => MigrationState.ReadAsync(connection, scripts, default);
    }

    private static async Task<IReadOnlyList<SchemaObject>> SchemaAsync(TestDatabase database)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        return await SchemaCatalog.ReadAsync(connection);
    }
}
