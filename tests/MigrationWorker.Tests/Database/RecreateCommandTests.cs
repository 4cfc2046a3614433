using MovieAspire.MigrationWorker.Database;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Database;

public sealed class RecreateCommandTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private string _connectionString = "";

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _connectionString = await DatabaseOwner.TakeAsync(_database.ConnectionString);
        await RunAsync("up");
        await Sql.ExecuteAsync(
            _database.ConnectionString,
            "DELETE FROM movies WHERE title = 'Alien'; INSERT INTO movies (title, release_date) VALUES ('Mine', '2001-02-03')");
    }

    public async Task DisposeAsync()
    {
        await RunAsync("restore", "prune", "--yes");
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Recreate_replaces_the_live_database_which_can_be_brought_back()
    {
        await RunAsync("recreate");
        Assert.Equal((1L, 0L), (await MoviesAsync("Alien"), await MoviesAsync("Mine")));

        await RunAsync("restore", "undo");
        Assert.Equal((0L, 1L), (await MoviesAsync("Alien"), await MoviesAsync("Mine")));
    }

    [Fact]
    public async Task Killed_recreate_leaves_the_live_database_as_it_is_and_the_next_one_cleans_up()
    {
        using var killed = Worker.Start(_connectionString, "recreate");
        await Eventually.HoldsAsync(async () => await ShadowDatabasesAsync(ShadowDatabaseName.Restoring) == 1, "a database is being built");
        killed.Kill();
        await killed.WaitForExitAsync();
        Assert.Equal((0L, 1L), (await MoviesAsync("Alien"), await MoviesAsync("Mine")));

        await RunAsync("recreate");
        Assert.Equal((1L, 0L), (await MoviesAsync("Alien"), await MoviesAsync("Mine")));
        Assert.Equal(0, await ShadowDatabasesAsync(ShadowDatabaseName.Restoring));
        Assert.Equal(1, await ShadowDatabasesAsync(ShadowDatabaseName.Replaced));
    }

    private async Task RunAsync(params string[] arguments)
    {
        var result = await Worker.RunAsync(_connectionString, arguments);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    private Task<long> MoviesAsync(string title) => CountAsync($"movies WHERE title = '{title}'");

    private async Task<long> ShadowDatabasesAsync(string purpose)
    {
        var names = await Sql.ScalarAsync<string[]>(
            _database.ConnectionString + ";Pooling=false", "SELECT array_agg(datname::text) FROM pg_database");
        return names!.LongCount(name => ShadowDatabaseName.Time(name, _database.Name, purpose) is not null);
    }

    // Without a pool, whose connections the swap ends.
    private Task<long> CountAsync(string rows) =>
        Sql.ScalarAsync<long>(_database.ConnectionString + ";Pooling=false", $"SELECT count(*) FROM {rows}");
}
