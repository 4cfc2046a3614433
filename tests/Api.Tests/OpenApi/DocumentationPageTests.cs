using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;
using MovieAspire.Testing;
using static Microsoft.Playwright.Assertions;

namespace MovieAspire.Api.Tests.OpenApi;

/// <summary>Swagger UI at /docs: what a newcomer does there in a browser, with the examples as they are.</summary>
public sealed class DocumentationPageTests(DocumentationPageTests.Fixture api) : IClassFixture<DocumentationPageTests.Fixture>
{
    /// <summary>Their examples stand for a secret that only an email or a login tells.</summary>
    private static readonly string[] NeedSecret = ["refreshTokens", "resetPassword"];

    [RequiresFact(Tool.Browser)]
    public async Task Newcomer_registers_logs_in_authorizes_and_runs_examples_and_nothing_is_loaded_from_other_sites()
    {
        var movie = await api.AddMovieAsync("The Shawshank Redemption");
        Assert.Equal(1, movie);
        using var playwright = await SteadyNetwork.StartAsync(Playwright.CreateAsync);
        // Chromium's own sandbox needs privileges that containers lack; the page is the API's.
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Prerequisite.Browser, Args = ["--no-sandbox"] });
        var page = await browser.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        SetDefaultExpectTimeout(60_000);
        using var client = api.CreateClient();
        List<string> addresses = [];
        List<string> errors = [];
        page.Request += (_, request) => addresses.Add(request.Url);
        page.PageError += (_, error) => errors.Add(error);

        await page.GotoAsync($"{client.BaseAddress}docs");
        Assert.Equal("401", await ExecuteAsync("Me", "getMe"));
        Assert.Equal("200", await ExecuteAsync("Accounts", "register"));
        Assert.Equal("200", await ExecuteAsync("Accounts", "logIn"));
        var login = await Operation("Accounts", "logIn").Locator(".live-responses-table .highlight-code").First.InnerTextAsync();
        var token = Regex.Match(login, "\"accessToken\": \"([^\"]+)\"").Groups[1].Value;

        await page.Locator(".auth-wrapper .authorize").First.ClickAsync();
        await page.GetByLabel("auth-bearer-value").FillAsync(token);
        await page.Locator(".auth-btn-wrapper .authorize").ClickAsync();
        await page.Locator(".auth-btn-wrapper .btn-done").ClickAsync();

        Assert.Equal("200", await ExecuteAsync("Me", "getMe"));
        Assert.Equal("200", await ExecuteAsync("Movies", "listMovies"));
        Assert.Equal("200", await ExecuteAsync("Ratings", "putRating"));
        Assert.Equal("201", await ExecuteAsync("Reviews", "postReview"));
        Assert.Equal(9, (await client.GetJsonAsync($"/api/v1/movies/{movie}")).GetProperty("averageRating").GetDecimal());
        await client.GetJsonAsync("/api/v1/reviews/1");
        Assert.Empty(errors);
        Assert.All(
            addresses.Where(address => !address.StartsWith("data:", StringComparison.Ordinal)),
            address => Assert.StartsWith($"{client.BaseAddress}", address, StringComparison.Ordinal));

        ILocator Operation(string tag, string id) => page.Locator($"#operations-{tag}-{id}");

        // Runs an operation as the page offers it, and gives the status of the response.
        async Task<string> ExecuteAsync(string tag, string id)
        {
            var operation = Operation(tag, id);
            if (!await operation.Locator(".opblock-body").IsVisibleAsync())
            {
                await operation.Locator(".opblock-summary-control").ClickAsync();
            }

            await operation.Locator("button.execute").ClickAsync();
            await Expect(operation.Locator(".loading")).ToHaveCountAsync(0);
            return (await operation.Locator(".live-responses-table .response-col_status").Last.InnerTextAsync()).Trim().Split('\n')[0];
        }
    }

    [Fact]
    public async Task Every_body_has_an_example_that_runs()
    {
        await using var site = new ApiFixture();
        await ((IAsyncLifetime)site).InitializeAsync();
        try
        {
            await RunExamplesAsync(site);
        }
        finally
        {
            await ((IAsyncLifetime)site).DisposeAsync();
        }
    }

    private static async Task RunExamplesAsync(ApiFixture site)
    {
        // Number 1 is locked, which nobody can do to their own account.
        await site.AddUserAsync("locked");
        var admin = await site.AddSignedInUserAsync(Roles.Admin);
        var other = await site.AddUserAsync("other");
        await site.AddMovieAsync("The Shawshank Redemption");
        await site.AddMovieAsync("Seven");
        await site.ExecuteAsync($"INSERT INTO reviews (movie_id, user_id, title, body, contains_spoilers) VALUES (1, {other}, 'Title', 'Body', false)");
        await site.ExecuteAsync($"INSERT INTO review_reports (review_id, user_id, reason) VALUES (1, {other}, 'spam')");
        using var author = site.CreateClient(other);
        var document = await admin.Client.GetJsonAsync("/openapi/v1.json");
        var examples =
            from path in document.GetProperty("paths").EnumerateObject()
            from operation in path.Value.EnumerateObject()
            where operation.Value.TryGetProperty("requestBody", out _)
            from content in operation.Value.GetProperty("requestBody").GetProperty("content").EnumerateObject()
            select (Method: operation.Name.ToUpperInvariant(), Path: path.Name, Operation: operation.Value, Content: content);
        List<string> wrong = [];
        foreach (var (method, path, operation, content) in examples)
        {
            var id = operation.GetProperty("operationId").GetString()!;
            if (!content.Value.TryGetProperty("example", out var example))
            {
                wrong.Add($"{id} has no example for {content.Name}: add one to Api/OpenApi/Examples.cs");
                continue;
            }

            var address = Regex.Replace(path, "{[^}]+}", "1");
            var body = example.ValueKind == JsonValueKind.String ? example.GetString()! : example.GetRawText();
            using var answer = await (id == "putReview" ? author : admin.Client).SendAsync(method, address, body, content.Name, IfMatchOf(operation));
            if (!answer.IsSuccessStatusCode && !NeedSecret.Contains(id))
            {
                wrong.Add($"{id}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            }
        }

        Assert.Empty(wrong);
    }

    private static string? IfMatchOf(JsonElement operation) =>
        operation.TryGetProperty("parameters", out var parameters)
            ? parameters.EnumerateArray().Where(parameter => parameter.GetProperty("name").GetString() == "If-Match")
                .Select(parameter => parameter.GetProperty("example").GetString()).FirstOrDefault()
            : null;

    /// <summary>On a port, for a browser.</summary>
    public sealed class Fixture : ApiFixture
    {
        public Fixture() => UseKestrel(0);
    }
}
