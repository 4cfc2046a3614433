using System.Diagnostics;
using MovieAspire.Data.Migrations;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.MigrationWorker.Migrations;
using MovieAspire.MigrationWorker.Tests.Fixtures;
using MovieAspire.MigrationWorker.Tests.Migrations;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.MigrationWorker.Tests.Database;

/// <summary>Workers that queue while another one replaces their database, or works on it.</summary>
public sealed class WorkerLockTests : IAsyncLifetime
{
    private const string Queued =
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock' "
        + "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    private readonly string _file = Path.GetTempFileName();
    private TestDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _database = await SeededDatabase.CreateSmallAsync();
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
        await holder.ExecuteAsync("SELECT pg_advisory_lock(x'4D6F766965417370'::bigint)");

        using var recreate = await QueueAsync(1, "recreate", "--seed", "none");
        using var load = await QueueAsync(2, "load", _file);
        await holder.DisposeAsync();

        var (recreated, loaded) = (await recreate.FinishAsync(), await load.FinishAsync());
        Assert.Equal((0, ""), (recreated.ExitCode, recreated.Error));
        Assert.Equal((0, ""), (loaded.ExitCode, loaded.Error));
        Assert.Contains("queueing again", loaded.Output, StringComparison.Ordinal);
        Assert.Equal(
            "After the swap", await Sql.ScalarAsync<string>(_database.ConnectionString, "SELECT string_agg(title, ',') FROM movies"));
    }

    [Fact]
    public async Task Queued_workers_do_not_keep_an_index_from_being_built_concurrently()
    {
        // A writer of the table holds the build up until the others wait.
        await using var writer = await TableInUse.TakeAsync(_database.ConnectionString, "movies");
        var workers = Enumerable.Range(0, 4).Select(_ => Task.Run(BuildIndexAsync)).ToArray();
        await Eventually.HoldsAsync(async () => await CountAsync(Queued) == 3, "three wait");
        await writer.DisposeAsync();

        Assert.Equal(1, (await Task.WhenAll(workers)).Sum());
        Assert.True(await Sql.ScalarAsync<bool>(
            _database.ConnectionString, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_notes_director'::regclass"));
    }

    /// <summary>Does what <c>up</c> does in a build with such a migration, and gives the number of migrations that it ran.</summary>
    private async Task<int> BuildIndexAsync()
    {
        IReadOnlyList<MigrationScript> scripts =
        [
            .. MigrationScript.All,
            FakeMigrations.Create(
                1, "Index", "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_notes_director ON movies (director)",
                "DROP INDEX CONCURRENTLY IF EXISTS ix_notes_director"),
        ];
        var arguments = WorkerCommandLine.Create().Parse(["up", "--connection", _database.ConnectionString]);
        await using var context = await CommandContext.StartAsync("test", arguments, default);
        await using var workerLock = await WorkerLock.AcquireAsync(context, ServerWait.OpenAsync, default);
        var steps = MigrationPlan.ToLatest(await MigrationState.ReadAsync(workerLock.Connection, scripts, default));
        await new Migrator(context, workerLock.Connection).RunAsync(steps, default);
        return steps.Count;
    }

    private Task<long> CountAsync(string sql) => Sql.ScalarAsync<long>(_database.ConnectionString, sql);

    private async Task<Process> QueueAsync(int place, params string[] arguments)
    {
        var worker = Worker.Start(_database.ConnectionString, arguments);
        await Eventually.HoldsAsync(async () => await CountAsync(Queued) == place, $"{place} wait");
        return worker;
    }
}
