using MovieAspire.MigrationWorker.Database;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Backups;

/// <summary>Kills a restore (SIGKILL) at moments that chance seldom hits.</summary>
public sealed class BackupKillTests
{
    [Theory]
    [InlineData("datname ~ '_restoring_' AND query LIKE 'CREATE INDEX%'")]
    [InlineData("datname ~ '_restoring_' AND query LIKE 'SELECT count(*)%hash_record_extended%'")]
    [InlineData("datname = 'postgres' AND query LIKE 'ALTER DATABASE%RENAME%'")]
    public async Task Restore_killed_at_this_point_is_finished_by_the_next(string reached)
    {
        await using var trial = await BackupTrial.LargeAsync();
        var old = await trial.ContentsAsync();
        var backup = await trial.BackupAsync();
        await trial.ExecuteAsync("DELETE FROM reviews WHERE id % 2 = 0");
        var changed = await trial.ContentsAsync();

        using (var victim = Worker.Start(trial.ConnectionString, "restore", backup.Path))
        {
            // Other tests restore databases of theirs at the same time.
            var server = await PostgresServer.ConnectionStringAsync();
            var activity =
                $"""
                SELECT count(*) FROM pg_stat_activity
                WHERE (datname LIKE '{trial.Target.Database}%' OR query LIKE '%{trial.Target.Database}%') AND {reached}
                    AND pid <> pg_backend_pid()
                """;
            await Eventually.HoldsAsync(async () => victim.HasExited || await Sql.ScalarAsync<long>(server, activity) > 0, reached);
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
