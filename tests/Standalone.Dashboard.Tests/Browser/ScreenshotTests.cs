using Microsoft.Playwright;

namespace MovieAspire.Standalone.Dashboard.Tests.Browser;

/// <summary>Takes the pictures of docs/observability.md of the real AppHost; docs/screenshots.sh puts them there.</summary>
public sealed class ScreenshotTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    // A page on which nothing is drawn compresses to less.
    private const int LeastBytes = 12_000;

    private static readonly string Folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "screenshots"));

    [BrowserFact]
    public async Task Every_page_can_be_pictured()
    {
        var (run, loginUrl) = await AppHostRun.StartAsync();
        await using var host = run;
        await using var light = await browser.OpenAsync(loginUrl, height: 720);
        await using var dark = await browser.OpenAsync(loginUrl, height: 720, colorScheme: ColorScheme.Dark);
        var row = light.Page.Locator("#r-api");
        await Assertions.Expect(row.Locator(".state.good")).ToHaveTextAsync("Running", new() { Timeout = 60_000 });
        await UseAsync((await row.GetByRole(AriaRole.Link, new() { NameRegex = new("localhost") }).GetAttributeAsync("href"))!);

        await TakeAsync(light, "resources");
        await light.Page.GetByRole(AriaRole.Link, new() { Name = "Graph" }).ClickAsync();
        await TakeAsync(light, "graph", light.Page.Locator(".graph"));
        await dark.NavigateAsync("Console");
        await TakeAsync(dark, "console", dark.Page.Locator(".terminal li").First);
        await light.NavigateAsync("Logs");
        // One record with its details; others name folders of this machine, which are no matter of the documentation.
        await light.Page.GetByRole(AriaRole.Searchbox).FillAsync("Seeded");
        await Assertions.Expect(light.Page.Locator(".row-link")).ToHaveCountAsync(1);
        await light.Page.Locator(".row-link").ClickAsync();
        await TakeAsync(light, "logs", light.Page.Locator(".details"));
        await light.NavigateAsync("Traces");
        await TakeAsync(light, "traces", light.Page.Locator(".traces .row-link").First);
        await dark.NavigateAsync("Traces");
        await dark.Page.GetByRole(AriaRole.Combobox, new() { Name = "At least" }).SelectOptionAsync("10");
        await dark.Page.GetByRole(AriaRole.Searchbox).FillAsync("api/v1/movies");
        await Assertions.Expect(dark.Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("q=api"));
        await dark.Page.Locator(".row-link").First.ClickAsync();
        await dark.Page.Locator(".insight a").ClickAsync();
        await TakeAsync(dark, "trace", dark.Page.Locator(".details"));
        await light.NavigateAsync("Metrics");
        await TakeAsync(light, "metrics", light.Page.Locator("circle.mark").First);
        await light.Page.SetViewportSizeAsync(360, 740);
        await light.NavigateAsync("Resources");
        await TakeAsync(light, "telephone", light.Page.Locator(".resources"));
    }

    private static async Task TakeAsync(BrowserPage opened, string name, ILocator? when = null)
    {
        await Assertions.Expect(when ?? opened.Page.Locator("main")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        var picture = await opened.Page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}.png") });
        Assert.InRange(picture.Length, LeastBytes, int.MaxValue);
    }

    private static async Task UseAsync(string api)
    {
        using var client = new HttpClient { BaseAddress = new Uri(api) };
        for (var i = 0; i < 60; i++)
        {
            foreach (var path in (string[])["/api/v1/movies?search=star+wars", "/api/v1/movies?sort=-rating&limit=50", "/api/v1/movies/1", $"/api/v1/movies/{i + 1}", "/api/v1/genres", "/api/v1/movies?sort=nonsense"])
            {
                using var response = await client.GetAsync(path);
            }
        }
    }
}
