using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace MovieAspire.Standalone.Dashboard.Tests.Browser;

/// <summary>The questions of an observer, answered on the dashboard of the real AppHost by clicking only.</summary>
public sealed class AppHostTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [BrowserFact]
    public async Task Why_is_the_api_not_up()
    {
        var (run, loginUrl) = await AppHostRun.StartAsync(("Seed__Profile", "no-such-profile"));
        await using var host = run;
        await using var opened = await browser.OpenAsync(loginUrl);

        await opened.SeesAsync("api was not started: it needed migrations to complete, but migrations ended with exit code");
        await opened.Page.GetByRole(AriaRole.Link, new() { Name = "Console of migrations" }).First.ClickAsync();
        await Expect(opened.Page.Locator(".terminal")).ToContainTextAsync("no-such-profile");
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
        await Expect(page.Locator("#r-api .state.good")).ToHaveTextAsync("Running", new() { Timeout = 60_000 });
        using var client = new HttpClient { BaseAddress = new Uri((await api.GetAttributeAsync("href"))!) };
        for (var i = 0; i < 20; i++)
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
        await page.Locator(".traces .row-link").First.ClickAsync();
        await Expect(page.Locator(".insight code")).ToContainTextAsync("SELECT", new() { Timeout = 30_000 });

        // How many requests per second, with which p95?
        await opened.NavigateAsync("Metrics");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 2 })).ToHaveTextAsync("http.server.request.duration");
        await Expect(page.Locator(".tiles")).ToContainTextAsync(new System.Text.RegularExpressions.Regex(@"Rate[\d.]+/s.*p95[\d.]+ (ms|s)", System.Text.RegularExpressions.RegexOptions.Singleline), new() { Timeout = 30_000 });
        await Expect(page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Trace of") }).First).ToBeVisibleAsync(new() { Timeout = 30_000 });
    }

    [BrowserFact]
    public async Task A_resource_can_be_stopped_and_started_again()
    {
        var (run, loginUrl) = await AppHostRun.StartAsync();
        await using var host = run;
        await using var opened = await browser.OpenAsync(loginUrl);
        var row = opened.Page.Locator("#r-api");

        await Expect(row.Locator(".state.good")).ToHaveTextAsync("Running", new() { Timeout = 60_000 });
        await row.GetByRole(AriaRole.Button, new() { Name = "Stop api" }).ClickAsync();
        await Expect(row).ToContainTextAsync("Finished", new() { Timeout = 30_000 });
        await row.GetByRole(AriaRole.Button, new() { Name = "Start api" }).ClickAsync();
        await Expect(row.Locator(".state.good")).ToHaveTextAsync("Running", new() { Timeout = 60_000 });
    }
}
