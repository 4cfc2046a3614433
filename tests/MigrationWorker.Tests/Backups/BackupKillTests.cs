using System.Diagnostics;
using System.Globalization;
using MovieAspire.MigrationWorker.Backups.Databases;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Backups;

/// <summary>
/// Kills the worker (SIGKILL) at random moments: 10 times each for backup and restore, or as often as <c>MOVIEASPIRE_KILLS</c> says.
/// </summary>
public sealed class BackupKillTests : IAsyncLifetime
{
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("MOVIEASPIRE_KILLS") ?? "10", CultureInfo.InvariantCulture);
    private readonly Random _random = new();
    private BackupTrial _trial = null!;

    public async Task InitializeAsync() => _trial = await BackupTrial.SeededAsync();

    public async Task DisposeAsync() => await _trial.DisposeAsync();

    [Fact]
    public async Task A_killed_backup_leaves_whole_backups_only()
    {
        var expected = await _trial.ContentsAsync();
        var whole = await MeasureAsync("backup", _trial.Folder.Path);
        for (var kill = 0; kill < Kills; kill++)
        {
            await KillAsync(whole, "backup", _trial.Folder.Path);
            Assert.Equal(expected, await _trial.ContentsAsync());
        }

        var last = await Worker.RunAsync(_trial.ConnectionString, "backup", _trial.Folder.Path);

        Assert.Equal((0, ""), (last.ExitCode, last.Error));
        var backups = await _trial.Folder.ListAsync(Assert.Fail, CancellationToken.None);
        Assert.InRange(backups.Count, 2, Kills + 2);
        foreach (var backup in backups)
        {
            await backup.CheckFileAsync(CancellationToken.None);
            Assert.Equal(expected, backup.Manifest.Tables);
        }

        Assert.Empty(Directory.GetFiles(_trial.Folder.Path, ".*"));
    }

    [Fact]
    public async Task A_killed_restore_leaves_the_old_database_or_the_new_one()
    {
        var old = await _trial.ContentsAsync();
        var backup = await _trial.BackupAsync();
        await _trial.ExecuteAsync("DELETE FROM reviews WHERE id % 2 = 0");
        var changed = await _trial.ContentsAsync();
        var whole = await MeasureAsync("restore", backup.Path);
        await _trial.ExecuteAsync("DELETE FROM reviews WHERE id % 2 = 0");
        for (var kill = 0; kill < Kills; kill++)
        {
            await KillAsync(whole, "restore", backup.Path);
            if (await _trial.ContentsAsync() is var contents && contents.SequenceEqual(old))
            {
                await _trial.ExecuteAsync("DELETE FROM reviews WHERE id % 2 = 0");
            }
            else
            {
                Assert.Equal(changed, contents);
            }
        }

        var last = await Worker.RunAsync(_trial.ConnectionString, "restore", backup.Path);

        Assert.Equal((0, ""), (last.ExitCode, last.Error));
        Assert.Equal(old, await _trial.ContentsAsync());
        Assert.Empty(await _trial.BesideAsync(AsideName.Restoring));
        foreach (var replaced in await _trial.BesideAsync(AsideName.Replaced))
        {
            Assert.Equal(changed, await _trial.ContentsAsync(replaced));
        }
    }

    [Theory]
    [InlineData("SELECT count(*) FROM pg_stat_activity WHERE datname ~ '_restoring_' AND query LIKE 'COPY%'")]
    [InlineData("SELECT count(*) FROM pg_stat_activity WHERE datname ~ '_restoring_' AND query LIKE 'CREATE INDEX%'")]
    [InlineData("SELECT count(*) FROM pg_stat_activity WHERE datname ~ '_restoring_' AND query LIKE 'SELECT count(*)%hash_record_extended%'")]
    [InlineData("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'ALTER DATABASE%RENAME%' AND pid <> pg_backend_pid()")]
    public async Task A_restore_killed_at_this_point_is_finished_by_the_next(string reached)
    {
        // A server of its own, since the conditions look at all databases.
        using var server = await ThrowAwayCluster.StartAsync();
        await using var trial = BackupTrial.On(server.ConnectionString.Replace("Database=postgres", "Database=moviedb", StringComparison.Ordinal));
        Assert.Equal(0, (await Worker.RunAsync(trial.ConnectionString)).ExitCode);
        var old = await trial.ContentsAsync();
        var backup = await trial.BackupAsync();
        await trial.ExecuteAsync("DELETE FROM reviews WHERE id % 2 = 0");
        var changed = await trial.ContentsAsync();

        using (var victim = Worker.Start(trial.ConnectionString, "restore", backup.Path))
        {
            await Eventually.HoldsAsync(async () => victim.HasExited || await Sql.ScalarAsync<long>(server.ConnectionString, reached) > 0, reached);
            victim.Kill();
            await victim.WaitForExitAsync();
        }

        var contents = await trial.ContentsAsync();
        Assert.True(contents.SequenceEqual(old) || contents.SequenceEqual(changed), "neither the old database nor the new one");
        var next = await Worker.RunAsync(trial.ConnectionString, "restore", backup.Path);
        Assert.Equal((0, ""), (next.ExitCode, next.Error));
        Assert.Equal(old, await trial.ContentsAsync());
        Assert.Empty(await trial.BesideAsync(AsideName.Restoring));
    }

    private async Task<TimeSpan> MeasureAsync(params string[] arguments)
    {
        var clock = Stopwatch.StartNew();
        var result = await Worker.RunAsync(_trial.ConnectionString, arguments);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return clock.Elapsed;
    }

    private async Task KillAsync(TimeSpan whole, params string[] arguments)
    {
        using var victim = Worker.Start(_trial.ConnectionString, arguments);
        await Task.WhenAny(victim.WaitForExitAsync(), Task.Delay(whole * _random.NextDouble()));
        victim.Kill();
        await victim.WaitForExitAsync();
    }
}
