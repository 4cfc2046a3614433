using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests;

/// <summary>Databases with schema and default seed, seeded once for each test process by <see cref="DatabaseOwner"/>.</summary>
internal static class SeededDatabase
{
    public static Task<TestDatabase> CreateAsync() => TestDatabase.CloneAsync("seeded", async connectionString =>
    {
        var result = await Worker.RunAsync(await DatabaseOwner.TakeAsync(connectionString));
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
    });
}
