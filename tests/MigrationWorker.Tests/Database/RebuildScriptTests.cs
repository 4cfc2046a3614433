using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Database;

public sealed class RebuildScriptTests
{
    private static readonly string Script = Path.Combine(
        Repository.Root, "MigrationWorker", OperatingSystem.IsWindows() ? "rebuild-database.cmd" : "rebuild-database.sh");

    [Fact]
    public async Task Script_builds_an_empty_database()
    {
        await using var database = await TestDatabase.CreateAsync();
        var first = await RunAsync(database.ConnectionString, "--seed", "movies");
        Assert.True(first.ExitCode == 0, first.Output + first.Error);
        Assert.Equal(3200, await Sql.ScalarAsync<long>(database.ConnectionString, "SELECT count(*) FROM movies"));
        var second = await Worker.RunAsync(database.ConnectionString, "up", "--seed", "movies");
        Assert.Contains("Up to date", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Script_without_a_database_says_how_to_name_one()
    {
        var result = await RunAsync();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Give its connection string", result.Error, StringComparison.Ordinal);
    }

    private static async Task<ProcessResult> RunAsync(params string[] arguments)
    {
        var start = Testing.Cli.Command(Script, arguments);
        start.Environment.Remove("ConnectionStrings__moviedb");
        return await start.RunAsync();
    }
}
