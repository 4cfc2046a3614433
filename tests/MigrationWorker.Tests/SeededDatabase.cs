using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests;

/// <summary>Databases with schema and default seed, seeded once for each test process by <see cref="DatabaseOwner"/>.</summary>
internal static class SeededDatabase
{
    public static Task<TestDatabase> CreateAsync() => TestDatabase.CloneAsync("seeded", SeedAsync);

    /// <summary>Makes a database with the twentieth part of the movies and what belongs to them, for tests in which size does not matter.</summary>
    public static Task<TestDatabase> CreateSmallAsync() => TestDatabase.CloneAsync("small", async connectionString =>
    {
        await SeedAsync(connectionString);
        await Sql.ExecuteAsync(connectionString, "DELETE FROM movies WHERE id % 20 <> 1");
        await Sql.ExecuteAsync(connectionString, "VACUUM (FULL, ANALYZE)");
    });

    private static async Task SeedAsync(string connectionString)
    {
        var result = await Worker.RunAsync(await DatabaseOwner.TakeAsync(connectionString));
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    }
}
