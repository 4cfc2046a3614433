using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Database;

/// <summary>Kills the worker exactly where it writes to a table: somebody else holds that table, so that it must wait there.</summary>
public sealed class KillTests
{
    [Fact]
    public async Task Migration_that_is_killed_before_its_record_is_done_by_the_next_worker()
    {
        const string History = "\"__EFMigrationsHistory\"";
        await using var database = await TestDatabase.CreateAsync();

        // The table must be there to be held.
        await Sql.ExecuteAsync(
            database.ConnectionString,
            $"CREATE TABLE {History} (\"MigrationId\" varchar(150) CONSTRAINT \"PK___EFMigrationsHistory\" PRIMARY KEY, "
            + "\"ProductVersion\" varchar(32) NOT NULL)");
        await KillAsync(database, History, "none");

        await SucceedsAsync(database, "up", "--seed", "none");
        await SucceedsAsync(database, "verify");
    }

    /// <summary>The favorites are the last rows of the seed, which is one transaction.</summary>
    [Fact]
    public async Task Seed_that_is_killed_near_its_end_is_done_by_the_next_worker()
    {
        await using var database = await SeededDatabase.CreateAsync("none");
        await KillAsync(database, "favorites", "demo");
        Assert.Equal(0, await Sql.ScalarAsync<long>(database.ConnectionString, "SELECT count(*) FROM movies"));

        await SucceedsAsync(database, "up");
        await using var undisturbed = await SeededDatabase.CreateAsync();
        Assert.Equal(
            await SeededData.HashAsync(undisturbed.ConnectionString), await SeededData.HashAsync(database.ConnectionString));
        await SucceedsAsync(database, "verify");
    }

    private static async Task KillAsync(TestDatabase database, string table, string profile)
    {
        await using var obstacle = await TableInUse.TakeAsync(database.ConnectionString, table, "EXCLUSIVE");
        using var victim = Worker.Start(database.ConnectionString, "up", "--seed", profile, "--lock-timeout", "60");
        await Eventually.HoldsAsync(obstacle.IsWaitedForAsync, "the worker waits for the table");
        victim.Kill();
        await victim.WaitForExitAsync();
    }

    private static async Task SucceedsAsync(TestDatabase database, params string[] command)
    {
        var result = await Worker.RunAsync(database.ConnectionString, command);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }
}
