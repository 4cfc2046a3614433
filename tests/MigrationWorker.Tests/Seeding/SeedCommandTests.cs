using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Seeding;

public sealed class SeedCommandTests
{
    private const string Counts =
        "SELECT (SELECT count(*) FROM movies) || ' ' || (SELECT count(*) FROM users) || ' ' || (SELECT count(*) FROM ratings)";

    [Fact]
    public async Task Seed_is_applied_once_and_again_only_on_demand()
    {
        await using var database = await SeededDatabase.CreateAsync();
        await Sql.ExecuteAsync(database.ConnectionString, "DELETE FROM movies WHERE title = 'The Matrix'");

        var once = await Worker.RunAsync(database.ConnectionString, "seed");
        Assert.Equal(0, once.ExitCode);
        Assert.Equal(0, await Sql.ScalarAsync<long>(database.ConnectionString, "SELECT count(*) FROM movies WHERE title = 'The Matrix'"));

        var again = await Worker.RunAsync(database.ConnectionString, "seed", "--again");
        Assert.Contains("Seeded 1 movies", again.Output, StringComparison.Ordinal);
        Assert.Equal(1, await Sql.ScalarAsync<long>(database.ConnectionString, "SELECT count(*) FROM movies WHERE title = 'The Matrix'"));
        Assert.Equal(0, await Sql.ScalarAsync<long>(database.ConnectionString, "SELECT count(*) FROM wrong_aggregates()"));
    }

    [Fact]
    public async Task Movies_profile_invents_nobody_and_the_demonstration_may_follow()
    {
        await using var demonstration = await SeededDatabase.CreateAsync();
        var expected = await Sql.ScalarAsync<string>(demonstration.ConnectionString, Counts);
        await using var database = await TestDatabase.CreateAsync();

        Assert.Equal(0, (await Worker.RunAsync(database.ConnectionString, "up", "--seed", "movies")).ExitCode);
        Assert.Equal($"{expected!.Split(' ')[0]} 0 0", await Sql.ScalarAsync<string>(database.ConnectionString, Counts));
        Assert.Contains(
            "nothing to do", (await Worker.RunAsync(database.ConnectionString, "up", "--seed", "movies")).Output, StringComparison.Ordinal);

        Assert.Equal(0, (await Worker.RunAsync(database.ConnectionString, "seed", "--profile", "demo")).ExitCode);
        Assert.Equal(expected, await Sql.ScalarAsync<string>(database.ConnectionString, Counts));
    }

    [Fact]
    public async Task Former_name_of_the_movies_profile_is_accepted_in_settings_and_databases()
    {
        await using var database = await TestDatabase.CreateAsync();
        var environment = new Dictionary<string, string> { ["Seed__Profile"] = "films" };
        Assert.Equal(0, (await Worker.RunProcessAsync(database.ConnectionString, environment, "up")).ExitCode);
        Assert.Equal("3200 0 0", await Sql.ScalarAsync<string>(database.ConnectionString, Counts));
        Assert.Equal("movies", await Sql.ScalarAsync<string>(database.ConnectionString, "SELECT profile FROM applied_seeds"));

        // As a build that called the profile films left it.
        await Sql.ExecuteAsync(
            database.ConnectionString, "UPDATE applied_seeds SET profile = 'films'; DELETE FROM movies WHERE title = 'The Matrix'");
        foreach (var profile in new[] { "movies", "films" })
        {
            var again = await Worker.RunAsync(database.ConnectionString, "up", "--seed", profile);
            Assert.Equal((0, "Up to date: nothing to do."), (again.ExitCode, again.Output.Trim()));
        }
    }

    [Fact]
    public async Task Database_without_its_schema_is_not_seeded()
    {
        await using var database = await TestDatabase.CreateAsync();
        var result = await Worker.RunAsync(database.ConnectionString, "seed");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("run the command 'up'", result.LastErrorLine, StringComparison.Ordinal);
    }
}
