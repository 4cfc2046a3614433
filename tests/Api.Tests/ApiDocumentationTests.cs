using System.Text.RegularExpressions;
using MovieAspire.Data.Identity;
using MovieAspire.Testing;

namespace MovieAspire.Api.Tests;

/// <summary>Runs each example of docs/api.md, from top to bottom.</summary>
public sealed partial class ApiDocumentationTests(ApiDocumentationTests.Fixture api) : IClassFixture<ApiDocumentationTests.Fixture>
{
    private const string Marker = "== ";

    /// <summary>Prints the status of each response, whatever the example does with its body.</summary>
    private const string Preamble =
        """curl() { command curl -sS -w '%{stderr}%{http_code}\n' "$@"; }""";

    [RequiresFact(Tool.Curl)]
    public async Task Examples_of_the_documentation_work()
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "docs", "api.md"));
        using var anonymous = api.CreateClient();
        var admin = api.TokenOf(await api.AddAdminAsync());
        var script = new List<string> { Preamble, $"api={anonymous.BaseAddress}api/v1" };
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i] == "## Writing the catalog")
            {
                script.Add($"me='Authorization: Bearer {admin}'");
            }
            else if (lines[i].StartsWith("    ", StringComparison.Ordinal) && !lines[i].StartsWith("    api=", StringComparison.Ordinal))
            {
                script.AddRange([$"echo '{Marker}{i}' >&2", lines[i].Trim()]);
            }
        }

        var told = await RunAsync(string.Join('\n', script));

        var examples = told.Split(Marker, StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('\n', 2)).ToList();
        Assert.All(examples, example => Check(lines[int.Parse(example[0], System.Globalization.CultureInfo.InvariantCulture)], example[1].Trim()));
        Assert.InRange(examples.Count, 30, int.MaxValue);
    }

    /// <summary>One status per request: a successful one unless the example's comment begins with another.</summary>
    private static void Check(string line, string statuses)
    {
        var expected = Comment().Match(line) is { Success: true } comment ? comment.Groups[1].Value : "[23][0-9][0-9]";
        var requests = line.Split("curl ").Length - 1;
        Assert.True(Regex.IsMatch(statuses, $@"\A(({expected})\s*){{{requests}}}\z"), $"{line.Trim()}\nanswered {statuses}");
    }

    private static async Task<string> RunAsync(string script)
    {
        var folder = Directory.CreateTempSubdirectory("movieaspire-test-").FullName;
        try
        {
            var shell = Cli.Command("bash", "-c", script);
            shell.WorkingDirectory = folder;
            return (await shell.RunAsync()).Error;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex(@"# ([1-5][0-9]{2})\b")]
    private static partial Regex Comment();

    /// <summary>On a port, for curl, with the rows that the examples use.</summary>
    public sealed class Fixture : ApiFixture
    {
        public Fixture() => UseKestrel(0);

        public async Task<long> AddAdminAsync()
        {
            var admin = await this.AddUserAsync("admin");
            using var client = this.CreateClient(admin, Roles.Admin);
            return admin;
        }

        protected override async Task SeedAsync()
        {
            var movie = await this.AddMovieAsync("The Shawshank Redemption", new(1994, 9, 23), "Drama", "History");
            await this.AddMovieAsync("Seven", new(1995, 9, 22));
            var critic = await this.AddUserAsync("critic");
            var open = await this.AddUserAsync("open");
            await ExecuteAsync($"UPDATE users SET ratings_are_public = true WHERE id = {open}");
            await ExecuteAsync($"INSERT INTO reviews (movie_id, user_id, title, body, contains_spoilers) VALUES ({movie}, {critic}, 'Title', 'Body', false)");
            await ExecuteAsync($"INSERT INTO review_reports (review_id, user_id, reason) SELECT id, {open}, 'spam' FROM reviews");
        }
    }
}
