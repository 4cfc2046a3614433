using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Seeding;

public sealed class SeedCommandTests
{
    private const string Counts =
        "SELECT (SELECT count(*) FROM movies) || ' ' || (SELECT count(*) FROM users) || ' ' || (SELECT count(*) FROM ratings)";

    private const string User = """
        INSERT INTO users (display_name, user_name, normalized_user_name, email_confirmed, phone_number_confirmed, two_factor_enabled,
            lockout_enabled, access_failed_count) VALUES ('Mine', 'mine', 'MINE', false, false, false, false, 0)
        """;

    private const string SkippedSeed =
        "Demo data are left out, since the database holds content of its own. Add them all the same with: seed --profile demo";

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
        await using var database = await SeededDatabase.CreateAsync("movies");
        Assert.Equal($"{expected!.Split(' ')[0]} 0 0", await Sql.ScalarAsync<string>(database.ConnectionString, Counts));
        Assert.Contains(
            "nothing to do", (await Worker.RunAsync(database.ConnectionString, "up", "--seed", "movies")).Output, StringComparison.Ordinal);

        Assert.Equal(0, (await Worker.RunAsync(database.ConnectionString, "seed", "--profile", "demo")).ExitCode);
        Assert.Equal(expected, await Sql.ScalarAsync<string>(database.ConnectionString, Counts));
        Assert.Equal("Up to date: nothing to do.", (await Worker.RunAsync(database.ConnectionString, "up")).Output.Trim());
    }

    [Theory]
    [InlineData("movies", "")]
    [InlineData("films", "")]
    [InlineData("none", "INSERT INTO movies (title, release_date) VALUES ('Mine', '2001-02-03')")]
    [InlineData("none", "INSERT INTO genres (name) VALUES ('Mine')")]
    [InlineData("none", User)]
    [InlineData("movies", User + "; INSERT INTO ratings (user_id, movie_id, value) VALUES (1, 1, 10); DELETE FROM applied_seeds")]
    public async Task Up_adds_no_demonstration_to_a_database_that_holds_other_content(string profile, string rows)
    {
        await using var database = await SeededDatabase.CreateAsync(profile);
        if (rows.Length > 0)
        {
            await Sql.ExecuteAsync(database.ConnectionString, rows);
        }

        var before = await SeededData.HashAsync(database.ConnectionString);
        foreach (var command in new string[][] { ["up"], [], ["up", "--seed", "demo"] })
        {
            var up = await Worker.RunAsync(database.ConnectionString, command);
            Assert.Equal((0, ""), (up.ExitCode, up.Error));
            Assert.Equal([SkippedSeed, "Up to date: nothing to do."], up.Output.TrimEnd().Split('\n'));
            Assert.Equal(before, await SeededData.HashAsync(database.ConnectionString));
        }
    }

    [Fact]
    public async Task Up_adds_the_first_admin_and_no_demonstration_where_both_are_asked_for()
    {
        await using var database = await SeededDatabase.CreateAsync("movies");
        var up = await Worker.RunAsync(
            database.ConnectionString,
            new Dictionary<string, string> { ["Admin__Email"] = "boss@example.com", ["Admin__Password"] = "correct horse battery staple" });
        Assert.Equal([SkippedSeed, "Made the first admin."], up.Output.TrimEnd().Split('\n'));
        Assert.Equal("3200 1 0", await Sql.ScalarAsync<string>(database.ConnectionString, Counts));
    }

    [Fact]
    public async Task Former_name_of_the_movies_profile_is_accepted_in_settings_and_databases()
    {
        await using var database = await TestDatabase.CreateAsync();
        var environment = new Dictionary<string, string> { ["Seed__Profile"] = "films" };
        Assert.Equal(0, (await Worker.RunAsync(database.ConnectionString, environment, "up")).ExitCode);
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
