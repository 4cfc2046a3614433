using MovieAspire.MigrationWorker.Database;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Backups;

/// <summary>Kills a restore (SIGKILL) at moments that chance seldom hits.</summary>
public sealed class BackupKillTests
{
    [Theory]
    [InlineData("SELECT count(*) FROM pg_stat_activity WHERE datname ~ '_restoring_' AND query LIKE 'COPY%'")]
    [InlineData("SELECT count(*) FROM pg_stat_activity WHERE datname ~ '_restoring_' AND query LIKE 'CREATE INDEX%'")]
    [InlineData(
        "SELECT count(*) FROM pg_stat_activity WHERE datname ~ '_restoring_' AND query LIKE 'SELECT count(*)%hash_record_extended%'")]
    [InlineData("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'ALTER DATABASE%RENAME%' AND pid <> pg_backend_pid()")]
    public async Task Restore_killed_at_this_point_is_finished_by_the_next(string reached)
    {
        // A server of its own, since the conditions look at all databases.
        using var server = await ThrowAwayCluster.StartAsync();
        await using var trial = BackupTrial.On(
            server.ConnectionString.Replace("Database=postgres", "Database=moviedb", StringComparison.Ordinal));
        Assert.Equal(0, (await Worker.RunAsync(trial.ConnectionString)).ExitCode);
        var old = await trial.ContentsAsync();
        var backup = await trial.BackupAsync();
        await trial.ExecuteAsync("DELETE FROM reviews WHERE id % 2 = 0");
        var changed = await trial.ContentsAsync();

        using (var victim = Worker.Start(trial.ConnectionString, "restore", backup.Path))
        {
            await Eventually.HoldsAsync(
                async () => victim.HasExited || await Sql.ScalarAsync<long>(server.ConnectionString, reached) > 0, reached);
            victim.Kill();
            await victim.WaitForExitAsync();
        }

        var contents = await trial.ContentsAsync();
        Assert.True(contents.SequenceEqual(old) || contents.SequenceEqual(changed), "neither the old database nor the new one");
        var next = await Worker.RunAsync(trial.ConnectionString, "restore", backup.Path);
        Assert.Equal((0, ""), (next.ExitCode, next.Error));
        Assert.Equal(old, await trial.ContentsAsync());
        Assert.Empty(await trial.ShadowDatabasesAsync(ShadowDatabaseName.Restoring));
    }
}
