using System.Text.Json;
using MovieAspire.Data.Migrations;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Tests.Import;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Cli;

/// <summary>What commands write to which stream, and which options their help shows.</summary>
public sealed class OutputTests
{
    private const StringComparison Ordinal = StringComparison.Ordinal;

    [Fact]
    public async Task Up_and_plan_tell_in_JSON_what_runs()
    {
        await using var database = await TestDatabase.CreateAsync();
        var all = MigrationScript.All.Select(script => script.Id);

        var (plan, _) = await RunAsync(database.ConnectionString, 0, "plan");
        Assert.Equal(all, plan.EnumerateArray().Select(migration => migration.GetProperty("id").GetString()));
        var statements = plan.EnumerateArray().SelectMany(migration => migration.GetProperty("statements").EnumerateArray()).ToList();
        Assert.All(plan.EnumerateArray(), migration => Assert.Equal("up", migration.GetProperty("direction").GetString()));
        Assert.Contains(statements, statement =>
            statement.GetProperty("sql").GetString()!.StartsWith("ALTER TABLE movies ADD imdb_id", Ordinal)
            && statement.GetProperty("lock").GetString() == "ACCESS EXCLUSIVE" && statement.GetProperty("table").GetString() == "movies");

        var (up, error) = await RunAsync(database.ConnectionString, 0, "up", "--seed", "none");
        Assert.Equal(all, up.GetProperty("applied").EnumerateArray().Select(id => id.GetString()));
        Assert.Equal((MigrationScript.LatestId, "none"), (up.GetProperty("migration").GetString(), up.GetProperty("profile").GetString()));
        Assert.Contains($"Applied {MigrationScript.LatestId}", error, Ordinal);

        (up, error) = await RunAsync(database.ConnectionString, 0, "up", "--profile", "none");
        Assert.Equal(0, up.GetProperty("applied").GetArrayLength());
        Assert.Equal("Up to date: nothing to do.", error.Trim());
        Assert.Equal(0, (await RunAsync(database.ConnectionString, 0, "plan")).Json.GetArrayLength());
    }

    [Fact]
    public async Task Import_load_and_backup_tell_in_JSON_what_became_of_rows()
    {
        await using var set = await DataSetFolder.CreateAsync();
        set.Write("movies.csv", "movieId,title,genres\n1,Heat (1995),Crime\n2,No year,Drama\n");
        set.Write("ratings.csv", "userId,movieId,rating,timestamp\n1,1,4.0,1260759144\n");
        var (import, error) = await RunAsync(set.Database.ConnectionString, 1, "import", set.Path);
        Assert.Equal(
            """
            {"dataSet":"movielens","dryRun":false,"rows":{
            "movies":{"inserted":1,"updated":0,"unchanged":0,"rejected":1,"skipped":0,"read":2},
            "users":{"inserted":1,"updated":0,"unchanged":0,"rejected":0,"skipped":0,"read":1},
            "ratings":{"inserted":1,"updated":0,"unchanged":0,"rejected":0,"skipped":0,"read":1}},"rejected":1}
            """.ReplaceLineEndings(""),
            JsonSerializer.Serialize(import));
        Assert.Contains("rejected: movies.csv, line 3", error, Ordinal);

        Assert.Equal(0, (await Worker.RunAsync(set.Database.ConnectionString, "dump", set.In("all.json"))).ExitCode);
        var (load, _) = await RunAsync(set.Database.ConnectionString, 0, "load", set.In("all.json"), "--dry-run");
        Assert.Equal(("all.json", true), (load.GetProperty("file").GetString(), load.GetProperty("dryRun").GetBoolean()));
        Assert.Equal(1, load.GetProperty("rows").GetProperty("movies").GetProperty("unchanged").GetInt64());
        Assert.Equal(0, load.GetProperty("rejected").GetInt64());

        var (backup, _) = await RunAsync(set.Database.ConnectionString, 0, "backup", set.Path);
        Assert.True(File.Exists(backup.GetProperty("path").GetString()));
        Assert.Equal("unverified", backup.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Failure_leaves_standard_output_empty()
    {
        await using var set = await DataSetFolder.CreateAsync();
        var result = await Worker.RunAsync(set.Database.ConnectionString, "import", set.Path, "--json");
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.StartsWith("error: ", result.LastErrorLine, Ordinal);
    }

    [Fact]
    public async Task Quiet_and_verbose_say_less_and_more()
    {
        await using var database = await TestDatabase.AtSchemaAsync();
        var result = await Worker.RunAsync(database.ConnectionString, "up", "--seed", "movies", "--quiet");
        Assert.Equal((0, "", ""), (result.ExitCode, result.Output, result.Error));

        result = await Worker.RunAsync(database.ConnectionString, "seed", "--profile", "movies", "--again", "--verbose");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Matches(@"seed took \d+\.\d\d s\.", result.Output);

        Assert.DoesNotContain("   at ", (await Worker.RunAsync(database.ConnectionString, "load", "missing.json")).Error, Ordinal);
        Assert.Contains("   at ", (await Worker.RunAsync(database.ConnectionString, "load", "missing.json", "--verbose")).Error, Ordinal);

        result = await Worker.RunAsync(database.ConnectionString, "status", "--quiet", "--verbose");
        Assert.Equal((1, "error: Give --quiet or --verbose, not both. See --help."), (result.ExitCode, result.LastErrorLine));
    }

    [Theory]
    [InlineData("", "--server-wait --lock-wait --lock-timeout --statement-timeout --profile --json")]
    [InlineData("up", "--server-wait --lock-wait --lock-timeout --statement-timeout --profile --json")]
    [InlineData("migrate", "--server-wait --lock-wait --lock-timeout --statement-timeout --to --yes")]
    [InlineData("seed", "--server-wait --lock-wait --profile --again")]
    [InlineData("status", "--server-wait --json --check")]
    [InlineData("plan", "--server-wait --lock-timeout --statement-timeout --json --to")]
    [InlineData("baseline", "--server-wait --lock-wait --to")]
    [InlineData("repair", "--server-wait --lock-wait --yes")]
    [InlineData("dump", "--server-wait --tables --include")]
    [InlineData("load", "--server-wait --lock-wait --json --dry-run --overwrite --skip-rejects --rejects")]
    [InlineData("import imdb", "--server-wait --lock-wait --json --dry-run --skip-rejects --rejects")]
    [InlineData("backup", "--server-wait --lock-wait --json")]
    [InlineData("backups", "--json --check")]
    [InlineData("restore undo", "--server-wait --lock-wait")]
    public void Help_shows_the_options_that_a_command_heeds(string command, string options)
    {
        var found = WorkerCommandLine.Create().Parse(command).CommandResult.Command;
        string[] everywhere = ["--connection", "--quiet", "--verbose", "--help", "--version"];
        Assert.Equal(
            options.Split(' ').Order(StringComparer.Ordinal),
            found.Options.Select(option => option.Name).Except(everywhere).Order(StringComparer.Ordinal));
    }

    [Fact]
    public Task Reference_is_what_the_help_says() => GeneratedFile.VerifyAsync("docs/commands.md", CommandReference.Write());

    private static async Task<(JsonElement Json, string Error)> RunAsync(string connectionString, int exitCode, params string[] arguments)
    {
        var result = await Worker.RunAsync(connectionString, [.. arguments, "--json"]);
        Assert.True(result.ExitCode == exitCode, result.Error);
        using var document = JsonDocument.Parse(result.Output);
        return (document.RootElement.Clone(), result.Error);
    }
}
