using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Database;

/// <summary>Behind PgBouncer. Its mode transaction would share the worker's lock and settings with others.</summary>
public sealed class TransactionPoolerTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.AtSchemaAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [RequiresTheory(Tool.PgBouncer)]
    [InlineData("default_pool_size = 1")]
    [InlineData("server_round_robin = 1", "min_pool_size = 3")]
    public async Task Pooler_that_shares_sessions_is_refused_with_the_reason(params string[] settings)
    {
        await using var pooler = await PgBouncer.StartAsync(_database.ConnectionString, "transaction", settings);
        foreach (var command in new[] { "up", "status", "seed" })
        {
            var result = await Worker.RunAsync(pooler.ConnectionString, command);
            Assert.Equal((2, ""), (result.ExitCode, result.Output));
            Assert.Contains("is a pooler that gives each transaction another session", result.LastErrorLine, StringComparison.Ordinal);
        }

        Assert.Equal(0, await Sql.ScalarAsync<long>(
            _database.ConnectionString, "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database "
                + "WHERE locktype = 'advisory' AND datname = current_database()"));
        Assert.Equal(0, await Sql.ScalarAsync<long>(_database.ConnectionString, "SELECT count(*) FROM movies"));
    }

    [RequiresFact(Tool.PgBouncer)]
    public async Task Pooler_that_keeps_a_session_for_each_client_is_as_good_as_the_server()
    {
        await using var pooler = await PgBouncer.StartAsync(_database.ConnectionString, "session");
        var results = await Task.WhenAll(
            Enumerable.Range(0, 2).Select(_ => Task.Run(() => Worker.RunAsync(pooler.ConnectionString, "seed", "--profile", "movies"))));
        Assert.All(results, result => Assert.Equal((0, ""), (result.ExitCode, result.Error)));
        Assert.Equal(3200, await Sql.ScalarAsync<long>(_database.ConnectionString, "SELECT count(*) FROM movies"));
    }
}
