using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Database;

/// <summary>Kills the worker exactly where it writes to a table: somebody else holds that table, so that it must wait there.</summary>
public sealed class KillTests
{
    private static readonly Lazy<Task<string>> Undisturbed = new(HashUndisturbedAsync);

    [Theory]
    [InlineData("\"__EFMigrationsHistory\"")]
    [InlineData("movies")]
    [InlineData("ratings")]
    [InlineData("favorites")]
    public async Task Killed_worker_loses_nothing_and_the_next_finishes(string table)
    {
        await using var database = await CreateAsync(table);
        await using (var obstacle = await TableInUse.TakeAsync(database.ConnectionString, table, "EXCLUSIVE"))
        {
            using var victim = Worker.Start(database.ConnectionString, "up", "--lock-timeout", "60");
            await Eventually.HoldsAsync(obstacle.IsWaitedForAsync, "the worker waits for the table");
            victim.Kill();
            await victim.WaitForExitAsync();
        }

        var next = await Worker.RunAsync(database.ConnectionString);

        Assert.Equal((0, ""), (next.ExitCode, next.Error));
        Assert.Equal(await Undisturbed.Value, await SeededData.HashAsync(database.ConnectionString));
        Assert.Equal(0, (await Worker.RunAsync(database.ConnectionString, "verify")).ExitCode);
    }

    /// <summary>
    /// The table must be there to be held: the history alone for a kill within the migration, otherwise all but the seed.
    /// </summary>
    private static async Task<TestDatabase> CreateAsync(string table)
    {
        if (!table.StartsWith('"'))
        {
            return await TestDatabase.CloneAsync("migrated", async connectionString =>
                Assert.Equal(0, (await Worker.RunAsync(connectionString, "up", "--seed", "none")).ExitCode));
        }

        var database = await TestDatabase.CreateAsync();
        await Sql.ExecuteAsync(
            database.ConnectionString,
            $"CREATE TABLE {table} (\"MigrationId\" varchar(150) CONSTRAINT \"PK___EFMigrationsHistory\" PRIMARY KEY, "
            + "\"ProductVersion\" varchar(32) NOT NULL)");
        return database;
    }

    private static async Task<string> HashUndisturbedAsync()
    {
        await using var database = await SeededDatabase.CreateAsync();
        return await SeededData.HashAsync(database.ConnectionString);
    }
}
