using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Database;

public sealed class UpTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private string _connectionString = "";

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _connectionString = await DatabaseOwner.TakeAsync(_database.ConnectionString);
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Current_database_stays_as_it_is()
    {
        await using var database = await SeededDatabase.CreateAsync();
        var hash = await SeededData.HashAsync(database.ConnectionString);

        var second = await Worker.RunAsync(await DatabaseOwner.TakeAsync(database.ConnectionString));
        Assert.Equal((0, "Up to date: nothing to do."), (second.ExitCode, second.Output.Trim()));
        Assert.Equal(hash, await SeededData.HashAsync(database.ConnectionString));
        Assert.Equal(0, await Sql.ScalarAsync<long>(database.ConnectionString, "SELECT count(*) FROM wrong_aggregates()"));
    }

    [Fact]
    public async Task Missing_database_is_created()
    {
        await _database.DisposeAsync();
        var result = await Worker.RunAsync(_connectionString, "up", "--seed", "none");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(0, await Sql.ScalarAsync<long>(_database.ConnectionString, "SELECT count(*) FROM movies"));
    }

    [Fact]
    public async Task Many_workers_at_once_do_the_work_once()
    {
        var results = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Worker.RunAsync(_connectionString, "up", "--seed", "movies")));
        Assert.All(results, result => Assert.Equal((0, ""), (result.ExitCode, result.Error)));
        Assert.Single(results, result => result.Output.Contains("Seeded ", StringComparison.Ordinal));
        Assert.Equal(7, results.Count(result => result.Output.Contains("Up to date", StringComparison.Ordinal)));
        Assert.Equal(3200, await Sql.ScalarAsync<long>(_database.ConnectionString, "SELECT count(*) FROM movies"));
    }

    [Fact]
    public async Task Failed_migration_leaves_nothing_and_says_why()
    {
        await Sql.ExecuteAsync(_connectionString, "CREATE TABLE users (id bigint)");
        var result = await Worker.RunAsync(_connectionString);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("relation \"users\" already exists", result.LastErrorLine, StringComparison.Ordinal);
        Assert.Equal(
            1, await Sql.ScalarAsync<long>(_database.ConnectionString, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));
    }

    [Fact]
    public async Task Deleted_and_changed_rows_stay_so()
    {
        await using var database = await SeededDatabase.CreateAsync();
        await Sql.ExecuteAsync(
            database.ConnectionString,
            "DELETE FROM movies WHERE title = 'The Matrix'; UPDATE movies SET title = 'Xanadu, renamed' WHERE title = 'Xanadu'");
        Assert.Equal(0, (await Worker.RunAsync(database.ConnectionString)).ExitCode);
        Assert.Equal(
            0, await Sql.ScalarAsync<long>(database.ConnectionString, "SELECT count(*) FROM movies WHERE title IN ('The Matrix', 'Xanadu')"));
    }

    [Fact]
    public async Task Another_seed_adds_what_is_missing_and_overwrites_nothing()
    {
        await using var database = await SeededDatabase.CreateAsync();
        await Sql.ExecuteAsync(
            database.ConnectionString,
            "UPDATE applied_seeds SET checksum = 'older'; UPDATE movies SET director = 'Somebody else' WHERE title = 'The Matrix'");
        var changed = await SeededData.HashAsync(database.ConnectionString);

        var result = await Worker.RunAsync(await DatabaseOwner.TakeAsync(database.ConnectionString));
        Assert.Contains("Seeded 0 movies, 0 ratings and 0 reviews", result.Output, StringComparison.Ordinal);
        Assert.Equal(changed, await SeededData.HashAsync(database.ConnectionString));
    }

    [Fact]
    public async Task Up_fails_when_the_schema_differs_after_all_migrations()
    {
        // Somebody's trigger on DDL takes an index away again.
        await Sql.ExecuteAsync(
            _database.ConnectionString,
            """
            CREATE FUNCTION sabotage() RETURNS event_trigger LANGUAGE plpgsql
                AS $$ BEGIN DROP INDEX IF EXISTS ix_movies_release_date_id; END $$;
            CREATE EVENT TRIGGER sabotage ON ddl_command_end WHEN TAG IN ('CREATE TRIGGER') EXECUTE FUNCTION sabotage();
            """);
        var result = await Worker.RunAsync(_connectionString, "up", "--seed", "none");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("index movies.ix_movies_release_date_id is missing", result.LastErrorLine, StringComparison.Ordinal);
        Assert.Contains("warning: function sabotage() is not of this build", result.Error, StringComparison.Ordinal);
    }
}
