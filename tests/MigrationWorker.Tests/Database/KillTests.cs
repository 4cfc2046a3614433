using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.MigrationWorker.Tests.Database;

/// <summary>Kills the worker exactly where it writes to a table: somebody else holds that table, so that it must wait there.</summary>
public sealed class KillTests
{
    private const string Waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE "
            + "'MovieAspire.MigrationWorker%' AND wait_event_type = 'Lock'";

    private static readonly Lazy<Task<string>> Undisturbed = new(HashUndisturbedAsync);

    [Theory]
    [InlineData("\"__EFMigrationsHistory\"")]
    [InlineData("applied_seeds")]
    [InlineData("movies")]
    [InlineData("movie_genres")]
    [InlineData("users")]
    [InlineData("ratings")]
    [InlineData("reviews")]
    [InlineData("review_votes")]
    [InlineData("favorites")]
    public async Task Killed_worker_loses_nothing_and_the_next_finishes(string table)
    {
        await using var database = await CreateAsync(table);
        await using (var holder = new NpgsqlConnection(database.ConnectionString + ";Pooling=false"))
        {
            await holder.OpenAsync();
            await using var hold = new NpgsqlCommand($"BEGIN; LOCK TABLE {table} IN EXCLUSIVE MODE", holder);
            await hold.ExecuteNonQueryAsync();
            await KillWhenWaitingAsync(database);
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

    private static async Task KillWhenWaitingAsync(TestDatabase database)
    {
        using var victim = Worker.Start(database.ConnectionString, "up", "--lock-timeout", "60");
        await Eventually.HoldsAsync(
            async () => await Sql.ScalarAsync<long>(database.ConnectionString, Waiting) > 0, "the worker waits for the table");
        victim.Kill();
        await victim.WaitForExitAsync();
    }
}
