using System.Diagnostics;
using MovieAspire.MigrationWorker.Backups.PgTools;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.MigrationWorker.Tests.Backups;

/// <summary>The server crashes: when one of its processes is killed, it ends all connections and recovers from its log.</summary>
public sealed class ServerCrashTests(ServerCrashTests.SeededServer server) : IClassFixture<ServerCrashTests.SeededServer>, IAsyncLifetime
{
    private readonly BackupTrial _trial = BackupTrial.On(server.ConnectionString);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _trial.DisposeAsync();

    [RequiresFact(Tool.Unix)]
    public async Task Server_crash_during_backup_leaves_no_file()
    {
        await FailsWhenServerCrashesAsync(() => _trial.BackupAsync(), "datname = 'moviedb' AND query LIKE 'COPY%'");
        Assert.Empty(Directory.GetFiles(_trial.Folder.Path));
        await _trial.VerifyAsync(await _trial.BackupAsync());
    }

    [RequiresFact(Tool.Unix)]
    public async Task Server_crash_during_restore_leaves_the_live_database_as_it_was()
    {
        var backup = await _trial.BackupAsync();
        await _trial.ExecuteAsync("DELETE FROM favorites");
        var before = await _trial.ContentsAsync();
        await FailsWhenServerCrashesAsync(
            () => _trial.RestoreAsync(backup), $"datname ~ '_restoring_' AND application_name = '{LibpqEnvironment.ApplicationName}'");
        Assert.Equal(before, await _trial.ContentsAsync());

        await _trial.RestoreAsync(backup);
        Assert.Equal(backup.Manifest.Tables, await _trial.ContentsAsync());
        Assert.Empty(await _trial.ShadowDatabasesAsync(ShadowDatabaseName.Restoring));
    }

    private async Task FailsWhenServerCrashesAsync(Func<Task> work, string reached)
    {
        var working = work();
        var victim = await FindAsync(reached, working);
        using (var process = Process.GetProcessById(victim))
        {
            process.Kill();
        }

        var error = await Assert.ThrowsAnyAsync<Exception>(() => working);
        Assert.True(ErrorFormatter.IsExpected(error), $"{error}");
        NpgsqlConnection.ClearAllPools();
        await Eventually.SucceedsAsync(() => _trial.ExecuteAsync("SELECT 1"));
    }

    // Asks often: what is looked for may last some milliseconds only.
    private async Task<int> FindAsync(string reached, Task working)
    {
        await using var connection = await ServerConnection.OpenMaintenanceAsync(_trial.Target, CancellationToken.None);
        while (!working.IsCompleted)
        {
            if (await connection.ScalarAsync<int?>($"SELECT pid FROM pg_stat_activity WHERE {reached} LIMIT 1") is { } found)
            {
                return found;
            }

            await Task.Delay(1);
        }

        await working;
        throw new InvalidOperationException($"The work ended before this was seen: {reached}");
    }

    /// <summary>A server of these tests alone, with a seeded database.</summary>
    public sealed class SeededServer : IAsyncLifetime
    {
        private ThrowAwayCluster _server = null!;

        public string ConnectionString => _server.ConnectionString.Replace("Database=postgres", "Database=moviedb", StringComparison.Ordinal);

        public async Task InitializeAsync()
        {
            _server = await ThrowAwayCluster.StartAsync();
            Assert.Equal(0, (await Worker.RunAsync(ConnectionString)).ExitCode);
        }

        public Task DisposeAsync()
        {
            _server.Dispose();
            return Task.CompletedTask;
        }
    }
}
