using Aspire.Hosting;
using Aspire.Hosting.Testing;
using Microsoft.Playwright;
using MovieAspire.Testing;
using static Microsoft.Playwright.Assertions;

namespace MovieAspire.AppHost.Tests;

/// <summary>
/// What an observer does on Aspire's dashboard, in a headless browser. Also takes the documentation's pictures (docs/screenshots.sh).
/// </summary>
/// <remarks>In an application of its own: after commands of other tests that ask for an input, the page once showed an error instead.</remarks>
public sealed class DashboardTests(RunningApplication running) : IClassFixture<RunningApplication>
{
    [RequiresFact(Tool.Browser)]
    public async Task Observer_sees_all_healthy_runs_a_command_by_a_click_and_finds_the_sql_of_a_click_on_the_admin_site()
    {
        var run = running.Application;
        using var playwright = await SteadyNetwork.StartAsync(Playwright.CreateAsync);
        // Chromium's own sandbox needs privileges that containers lack; the pages are the dashboard's.
        await using var browser = await playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = Prerequisite.Browser, Args = ["--no-sandbox"] });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1280, Height = 720 } });
        page.SetDefaultTimeout(60_000);
        SetDefaultExpectTimeout(60_000);
        await page.GotoAsync((await run.Application.GetDashboardUrlAsync(run.Deadline))!.ToString());

        foreach (var (resource, state) in new[]
            { ("postgres", "Running"), ("moviedb", "Running"), ("migrations", "Finished"), ("api", "Running"), ("admin", "Running") })
        {
            await Expect(Row(resource).GetByText(state)).ToBeVisibleAsync();
        }

        await Expect(Row("api").GetByText("API documentation")).ToBeVisibleAsync();
        await TakePictureAsync("resources");

        await Row("moviedb").GetByTitle("Lists applied and pending migrations", new() { Exact = false }).First.ClickAsync();
        await Expect(page.GetByText("Up to date.").First).ToBeVisibleAsync();
        await TakePictureAsync("command");

        var site = await browser.NewPageAsync(
            new() { ViewportSize = new() { Width = 1280, Height = 800 }, ReducedMotion = ReducedMotion.Reduce });
        await site.GotoAsync(run.Application.GetEndpoint("admin", "http").ToString());
        await site.GetByLabel("Email").FillAsync(await run.ParameterAsync("admin-email"));
        await site.GetByLabel("Password").FillAsync(await run.ParameterAsync("admin-password"));
        await site.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(site.GetByText("Ratings per day").First).ToBeVisibleAsync();
        await site.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Movies" }).ClickAsync();
        await Expect(site.GetByRole(AriaRole.Row)).ToHaveCountAsync(51);
        await TakePictureAsync("admin-movies", site);

        await page.GotoAsync(new Uri(new Uri(page.Url), "/traces").ToString());
        await page.GetByText("MovieListPage.LoadAsync").First.ClickAsync();
        await Expect(page.GetByText("GET /api/v1/movies").First).ToBeVisibleAsync();
        await Expect(page.GetByText("postgresql").Or(page.GetByText("moviedb")).First).ToBeVisibleAsync();
        await TakePictureAsync("trace");

        ILocator Row(string resource) =>
            page.GetByRole(AriaRole.Row).Filter(new() { Has = page.GetByText(resource, new() { Exact = true }) });

        async Task TakePictureAsync(string name, IPage? of = null)
        {
            if (RunningApplication.PictureFolder is { } folder)
            {
                await (of ?? page).ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
            }
        }
    }
}
