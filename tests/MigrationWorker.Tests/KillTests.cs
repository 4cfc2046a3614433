using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests;

public sealed class KillTests
{
    /// <summary>Each kill comes when the worker has reached another point: between and within migration and seed.</summary>
    [Theory]
    [InlineData("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'MovieAspire.MigrationWorker%'")]
    [InlineData("SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database WHERE datname = current_database() AND locktype = 'advisory'")]
    [InlineData("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%CREATE TABLE%' AND pid <> pg_backend_pid()")]
    [InlineData("SELECT count(*) FROM pg_tables WHERE tablename = 'movies'")]
    [InlineData("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY incoming_films%'")]
    [InlineData("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY demo_ratings%'")]
    [InlineData("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'INSERT INTO ratings%'")]
    [InlineData("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'INSERT INTO favorites%'")]
    public async Task A_killed_worker_loses_nothing_and_the_next_finishes(string reached)
    {
        await using var whole = await SeededDatabase.CreateAsync();
        await using var database = await TestDatabase.CreateAsync();
        using (var victim = Worker.Start(database.ConnectionString))
        {
            await Eventually.HoldsAsync(
                async () => victim.HasExited || await Sql.ScalarAsync<long>(database.ConnectionString, reached) > 0, "the worker is there");
            victim.Kill();
        }

        var next = await Worker.RunAsync(database.ConnectionString);

        Assert.Equal((0, ""), (next.ExitCode, next.Error));
        Assert.Equal(await Sql.HashOfDataAsync(whole.ConnectionString), await Sql.HashOfDataAsync(database.ConnectionString));
    }
}
