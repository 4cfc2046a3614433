using Microsoft.Playwright;
using Npgsql;
using static Microsoft.Playwright.Assertions;

namespace MovieAspire.Standalone.Dashboard.Tests.Browser;

/// <summary>The questions of an observer, answered on the dashboard of the real AppHost.</summary>
public sealed class AppHostTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const int Requests = 20;

    /// <summary>A migration that meets what is in its way already, seen through to the end: cause, statement, repair.</summary>
    [BrowserFact]
    public async Task Why_is_the_api_not_up()
    {
        var (run, loginUrl) = await AppHostRun.StartAsync(("Seed__Profile", "none"));
        await using var host = run;
        await using var opened = await browser.OpenAsync(loginUrl);
        var page = opened.Page;
        await IsAsync(opened, "api", "Running");
        await ExecuteAsync(opened, """ALTER TABLE "__EFMigrationsHistory" RENAME TO history_aside""");

        await ClickAsync(opened, "Stop api");
        await IsAsync(opened, "api", "Finished (0)");
        await ClickAsync(opened, "Start migrations");
        await IsAsync(opened, "migrations", "Finished (2)");
        await ClickAsync(opened, "Start api");

        // The reason stands at the top; the way from there leads to PostgreSQL's own words, and to the statement.
        await opened.SeesAsync("api was not started: it needed migrations to complete, but migrations ended with exit code 2.");
        await page.GetByRole(AriaRole.Link, new() { Name = "Console of migrations" }).First.ClickAsync();
        await Expect(page.Locator(".terminal")).ToContainTextAsync("already exists");
        await opened.NavigateAsync("Traces");
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "With errors only" }).CheckAsync();
        await page.Locator(".traces .row-link").First.ClickAsync();
        await Expect(page.Locator(".page .problem")).ToContainTextAsync("already exists");
        await page.Locator(".page .problem").GetByRole(AriaRole.Link).ClickAsync();
        await Expect(page.Locator(".details .problem")).ToContainTextAsync("already exists");
        await Expect(page.Locator(".details .statement")).ToContainTextAsync("CREATE TABLE");

        await ExecuteAsync(opened, """DROP TABLE IF EXISTS "__EFMigrationsHistory"; ALTER TABLE history_aside RENAME TO "__EFMigrationsHistory" """);
        await opened.NavigateAsync("Resources");
        await ClickAsync(opened, "Start migrations");
        await IsAsync(opened, "migrations", "Finished (0)");
        await ClickAsync(opened, "Start api");
        await IsAsync(opened, "api", "Running");
        await opened.SeesNotAsync("was not started");
    }

    [BrowserFact]
    public async Task What_did_the_worker_do_and_what_made_a_request_slow_and_how_many_are_there()
    {
        var (run, loginUrl) = await AppHostRun.StartAsync();
        await using var host = run;
        await using var opened = await browser.OpenAsync(loginUrl);
        var page = opened.Page;

        // The API is up, and asked.
        var api = page.Locator("#r-api").GetByRole(AriaRole.Link, new() { NameRegex = new("localhost") });
        await Expect(api).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await IsAsync(opened, "api", "Running");
        using var client = new HttpClient { BaseAddress = new Uri((await api.GetAttributeAsync("href"))!) };
        for (var i = 0; i < Requests; i++)
        {
            using var response = await client.GetAsync("/api/v1/movies?search=star");
            response.EnsureSuccessStatusCode();
        }

        // What did the worker do at start? Its trace, down to the statements.
        await page.GetByRole(AriaRole.Link, new() { Name = "migrations", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Complementary).GetByRole(AriaRole.Link, new() { Name = "Traces" }).ClickAsync();
        await page.Locator(".traces .row-link").Last.ClickAsync();
        await opened.SeesAsync("INSERT INTO");
        await opened.NavigateAsync("Logs");
        await opened.SeesAsync("Initial");

        // Which SQL statement made this request slow?
        await opened.NavigateAsync("Traces");
        await page.GetByRole(AriaRole.Searchbox).FillAsync("api/v1/movies");
        await Expect(page.Locator(".traces .row-link")).ToHaveCountAsync(Requests, new() { Timeout = 30_000 });
        var requests = await page.Locator(".traces .row-link").EvaluateAllAsync<string[]>("links => links.map(link => link.href)");
        var slowest = new List<string>();
        foreach (var request in requests)
        {
            await page.GotoAsync(request);
            slowest.Add(await page.Locator(".insight code").InnerTextAsync());
        }

        // Not of each: on a machine that is busy a request may wait longer for the processor than for its statement.
        Assert.Contains(slowest, span => span.Contains("FROM movies m", StringComparison.Ordinal));

        // How many requests per second, with which p95?
        await opened.NavigateAsync("Metrics");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync("http.server.request.duration");
        await Expect(page.Locator(".tiles")).ToContainTextAsync(new System.Text.RegularExpressions.Regex(@"Rate[\d.]+/s.*p95[\d.]+ (ms|s)", System.Text.RegularExpressions.RegexOptions.Singleline), new() { Timeout = 30_000 });
        await Expect(page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Trace of") }).First).ToBeVisibleAsync(new() { Timeout = 30_000 });
    }

    [BrowserFact]
    public async Task What_people_do_with_the_database_is_a_click()
    {
        var (run, loginUrl) = await AppHostRun.StartAsync();
        await using var host = run;
        await using var opened = await browser.OpenAsync(loginUrl);
        await IsAsync(opened, "api", "Running");

        await RunAsync("database-status", "Up to date.");
        await RunAsync("database-backup", "Done in ");
        await RunAsync("database-reseed", "Seeded 0 films");
        await RunAsync("database-rebuild", "moviedb is new; what it was is kept as ");

        // What each wrote and how it ended is one more click away.
        async Task RunAsync(string task, string lastLine)
        {
            await ClickAsync(opened, $"Start {task}");
            await IsAsync(opened, task, "Finished (0)");
            await opened.Page.GetByRole(AriaRole.Link, new() { Name = task, Exact = true }).ClickAsync();
            await Expect(opened.Page.Locator(".details")).ToContainTextAsync("Exit code0");
            await opened.Page.Locator(".details").GetByRole(AriaRole.Link, new() { Name = "Console" }).ClickAsync();
            await Expect(opened.Page.Locator(".terminal li").Last).ToContainTextAsync(lastLine);
            await opened.NavigateAsync("Resources");
        }
    }

    private static Task ClickAsync(BrowserPage opened, string button) =>
        opened.Page.Locator(".resources").GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    private static Task IsAsync(BrowserPage opened, string resource, string state) =>
        Expect(opened.Page.Locator($"#r-{resource} .state:not(.busy)")).ToHaveTextAsync(state, new() { Timeout = 60_000 });

    /// <summary>Does to the database what no migration expects, with the connection string that a person finds by a click on the eye.</summary>
    private static async Task ExecuteAsync(BrowserPage opened, string sql)
    {
        await opened.NavigateAsync("Resources");
        await opened.Page.GetByRole(AriaRole.Link, new() { Name = "migrations", Exact = true }).ClickAsync();
        await opened.Page.GetByRole(AriaRole.Link, new() { Name = "Show ConnectionStrings__moviedb" }).ClickAsync();
        var value = opened.Page.Locator(".values > div").Filter(new() { HasText = "ConnectionStrings__moviedb" }).Locator("dd");
        await Expect(value).ToContainTextAsync("Host=");
        await using var connection = new NpgsqlConnection((await value.InnerTextAsync()).Replace("Hide", "", StringComparison.Ordinal).Trim());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
        await opened.Page.Keyboard.PressAsync("Escape");
    }
}
