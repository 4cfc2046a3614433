using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests;

/// <summary>Databases with schema and seed, brought up once for each test process by <see cref="DatabaseOwner"/>.</summary>
internal static class SeededDatabase
{
    public static Task<TestDatabase> CreateAsync() => CreateAsync("demo");

    /// <param name="profile">The profile of the seed.</param>
    public static Task<TestDatabase> CreateAsync(string profile) => TestDatabase.CloneAsync(profile, async connectionString =>
    {
        var result = await Worker.RunAsync(await DatabaseOwner.TakeAsync(connectionString), "up", "--seed", profile);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    });

    /// <summary>Makes a database with the twentieth part of the movies and what belongs to them, for tests in which size does not matter.</summary>
    public static Task<TestDatabase> CreateSmallAsync() => TestDatabase.CloneAsync("small", async connectionString =>
    {
        await Sql.ExecuteAsync(connectionString, "DELETE FROM movies WHERE id % 20 <> 1");
        // By name: of a whole database it also locks the server's catalogs of roles and databases, which other tests are using.
        var tables = await Sql.ScalarAsync<string>(
            connectionString, "SELECT string_agg(oid::regclass::text, ', ') FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'");
        await Sql.ExecuteAsync(connectionString, $"VACUUM (FULL, ANALYZE) {tables}");
    }, CreateAsync);
}
