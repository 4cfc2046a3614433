using Microsoft.Playwright;
using MovieAspire.Standalone.Dashboard.Resources;
using MovieAspire.Standalone.Dashboard.Tests.Support;
using MovieAspire.Testing;
using static Microsoft.Playwright.Assertions;
using static MovieAspire.Standalone.Dashboard.Tests.Support.OtlpRequests;

namespace MovieAspire.Standalone.Dashboard.Tests.Browser;

/// <summary>Pages that update themselves under a person who is using them.</summary>
public sealed class LiveTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [BrowserFact]
    public async Task A_change_of_state_appears_without_a_reload_and_the_focus_stays()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        dashboard.Resources.Resources = [TestResources.Running("api") with { State = "Starting", Tone = StateTone.Busy }];
        await using var opened = await browser.OpenAsync(dashboard.Server.LoginUrl);
        await opened.SeesAsync("Starting");
        await opened.Page.EvaluateAsync("window.sameDocument = true");
        await opened.Page.GetByRole(AriaRole.Link, new() { Name = "api", Exact = true }).FocusAsync();

        dashboard.Resources.Resources = [TestResources.Running("api"), TestResources.Running("web")];

        await opened.SeesAsync("web");
        await Expect(opened.Page.GetByRole(AriaRole.Link, new() { Name = "api", Exact = true })).ToBeFocusedAsync();
        Assert.True(await opened.Page.EvaluateAsync<bool>("window.sameDocument"));
    }

    [BrowserFact]
    public async Task What_is_being_typed_filters_and_is_not_overwritten()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        await SendLogsAsync(dashboard, "apple pie", "banana split");
        await using var opened = await browser.OpenAsync(dashboard.Server.LoginUrl);
        await opened.NavigateAsync("Logs");
        var search = opened.Page.GetByRole(AriaRole.Searchbox);

        await search.PressSequentiallyAsync("apple");
        await opened.SeesNotAsync("banana split");
        await SendLogsAsync(dashboard, "apple juice");
        await opened.SeesAsync("apple juice");

        await Expect(search).ToBeFocusedAsync();
        await Expect(search).ToHaveValueAsync("apple");
        Assert.EndsWith("/logs?q=apple", opened.Page.Url, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task The_page_holds_still_while_text_is_selected_or_it_is_paused()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        await SendLogsAsync(dashboard, "first");
        await using var opened = await browser.OpenAsync(dashboard.Server.LoginUrl);
        await opened.NavigateAsync("Logs");
        await opened.SeesAsync("first");

        await opened.Page.GetByRole(AriaRole.Button, new() { Name = "Live" }).ClickAsync();
        await Expect(opened.Page.Locator("#live")).ToHaveTextAsync("Paused");
        await SendLogsAsync(dashboard, "second");
        await Eventually.HoldsAsync(() => dashboard.Telemetry.Logs.Count == 2, "the record is stored");
        Assert.Equal(0, await opened.Page.GetByText("second").CountAsync());

        await opened.Page.GetByRole(AriaRole.Button, new() { Name = "Paused" }).ClickAsync();
        await opened.SeesAsync("second");
    }

    [BrowserFact]
    public async Task A_console_grows_and_follows_its_end_until_the_person_scrolls_up()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        dashboard.Resources.Resources = [TestResources.Running("api")];
        for (var i = 0; i < 300; i++)
        {
            dashboard.Resources.Write("api", $"\x1b[3{i % 8}mline {i}\x1b[0m");
        }

        await using var opened = await browser.OpenAsync(dashboard.Server.LoginUrl);
        await opened.NavigateAsync("Console");
        var lines = opened.Page.Locator(".terminal li");
        await Expect(lines.Last).ToHaveTextAsync("line 299");
        await Expect(lines.Last).ToBeInViewportAsync();

        dashboard.Resources.Write("api", "the newest");
        await Expect(lines.Last).ToHaveTextAsync("the newest");
        await Expect(lines.Last).ToBeInViewportAsync();
        await Expect(lines).ToHaveCountAsync(301);

        await lines.First.ScrollIntoViewIfNeededAsync();
        dashboard.Resources.Write("api", "unseen");
        await Expect(lines).ToHaveCountAsync(302);
        await Expect(lines.First).ToBeInViewportAsync();
    }

    [BrowserFact]
    public async Task A_stopped_dashboard_is_told_and_found_again_where_it_was()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        await using var opened = await browser.OpenAsync(dashboard.Server.LoginUrl);
        await Expect(opened.Page.Locator("#live")).ToHaveTextAsync("Live");

        await opened.Page.Context.SetOfflineAsync(true);
        await opened.Page.EvaluateAsync("disconnect(); connect()");
        await Expect(opened.Page.Locator("#live")).ToHaveTextAsync("Not connected");
        await opened.Page.Context.SetOfflineAsync(false);
        await Expect(opened.Page.Locator("#live")).ToHaveTextAsync("Live");
        opened.Forget("ERR_INTERNET_DISCONNECTED");
    }

    [BrowserFact]
    public async Task An_AppHost_that_was_started_anew_asks_for_its_token()
    {
        var first = await RunningDashboard.StartAsync();
        await using var opened = await browser.OpenAsync(first.Server.LoginUrl);
        await Expect(opened.Page.Locator("#live")).ToHaveTextAsync("Live");

        await first.DisposeAsync();
        await using var second = await RunningDashboard.StartAsync(url: first.Server.Options.FrontendUrl);

        await Expect(opened.Page.GetByLabel("Token")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await opened.Page.GetByLabel("Token").FillAsync(second.Server.Options.LoginToken);
        await opened.Page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await Expect(opened.Page.Locator("#live")).ToHaveTextAsync("Live");
        opened.Forget("Failed to load resource");
    }

    [BrowserFact]
    public async Task Telemetry_can_be_cleared()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        await SendLogsAsync(dashboard, "old news");
        await using var opened = await browser.OpenAsync(dashboard.Server.LoginUrl);
        await opened.NavigateAsync("Logs");
        await opened.SeesAsync("old news");

        await opened.Page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        await opened.Page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();

        await opened.SeesAsync("No logs have come in yet");
        Assert.Equal(0, dashboard.Telemetry.Logs.Count);
    }

    private static async Task SendLogsAsync(RunningDashboard dashboard, params string[] messages)
    {
        using var response = await dashboard.Otlp.SendAsync("/v1/logs", Envelope("api", [.. messages.Select(message => Log(message))]));
        response.EnsureSuccessStatusCode();
    }
}
