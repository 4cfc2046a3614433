using System.Diagnostics;
using MovieAspire.MigrationWorker.Tests.Fixtures;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.MigrationWorker.Tests.Database;

/// <summary>Workers that queue while another one replaces their database.</summary>
public sealed class WorkerLockTests : IAsyncLifetime
{
    private readonly string _file = Path.GetTempFileName();
    private TestDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _database = await SeededDatabase.CreateAsync();
        await File.WriteAllTextAsync(
            _file, FixtureDatabase.Document(""" "movies": [{"title":"After the swap","release_date":"2001-02-03"}] """));
    }

    public async Task DisposeAsync()
    {
        File.Delete(_file);
        await Worker.RunAsync(_database.ConnectionString, "restore", "prune", "--yes");
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Queued_worker_continues_on_the_database_that_replaced_its_own()
    {
        await using var holder = new NpgsqlConnection(_database.ConnectionString + ";Pooling=false");
        await holder.OpenAsync();
        await using (var take = new NpgsqlCommand("SELECT pg_advisory_lock(x'4D6F766965417370'::bigint)", holder))
        {
            await take.ExecuteNonQueryAsync();
        }

        using var recreate = await QueueAsync(1, "recreate", "--seed", "none");
        using var load = await QueueAsync(2, "load", _file);
        await holder.DisposeAsync();

        var (recreated, loaded) = (await Worker.FinishAsync(recreate), await Worker.FinishAsync(load));
        Assert.Equal((0, ""), (recreated.ExitCode, recreated.Error));
        Assert.Equal((0, ""), (loaded.ExitCode, loaded.Error));
        Assert.Contains("queueing again", loaded.Output, StringComparison.Ordinal);
        Assert.Equal(
            "After the swap", await Sql.ScalarAsync<string>(_database.ConnectionString, "SELECT string_agg(title, ',') FROM movies"));
    }

    private async Task<Process> QueueAsync(int place, params string[] arguments)
    {
        const string Waiting =
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock' AND database = (SELECT oid FROM pg_database "
            + "WHERE datname = current_database())";
        var worker = Worker.Start(_database.ConnectionString, arguments);
        await Eventually.HoldsAsync(async () => await Sql.ScalarAsync<long>(_database.ConnectionString, Waiting) == place, $"{place} wait");
        return worker;
    }
}
