using Microsoft.Playwright;
using MovieAspire.Standalone.Dashboard.Tests.Support;
using static Microsoft.Playwright.Assertions;
using static MovieAspire.Standalone.Dashboard.Tests.Support.OtlpRequests;
using static MovieAspire.Standalone.Dashboard.Tests.Support.Proto;

namespace MovieAspire.Standalone.Dashboard.Tests.Browser;

/// <summary>What a person does with mouse, keyboard, telephone and screen reader.</summary>
public sealed class UseTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [BrowserFact]
    public async Task A_button_asks_acts_and_tells_the_outcome()
    {
        await using var dashboard = await ShopDashboard.StartAsync();
        await using var opened = await browser.OpenAsync(dashboard.Server.LoginUrl);
        var start = opened.Page.GetByRole(AriaRole.Button, new() { Name = "Start backup" });

        await start.ClickAsync();
        await opened.Page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        Assert.Empty(dashboard.Resources.Executed);

        await start.ClickAsync();
        await Expect(opened.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Back up now?");
        await opened.Page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Expect(opened.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("start of backup is done.");
        Assert.Equal(["backup/start"], dashboard.Resources.Executed);

        await opened.Page.GetByRole(AriaRole.Button, new() { Name = "Break it" }).ClickAsync();
        await Expect(opened.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("It <b>broke</b>.");
    }

    [BrowserFact]
    public async Task A_list_can_be_walked_opened_and_closed_by_keyboard()
    {
        await using var dashboard = await ShopDashboard.StartAsync();
        await using var opened = await browser.OpenAsync(dashboard.Server.LoginUrl);
        await opened.NavigateAsync("Logs");
        await opened.SeesAsync("oldest");

        await opened.Page.Locator(".row-link").First.FocusAsync();
        await opened.Page.Keyboard.PressAsync("ArrowDown");
        await opened.Page.Keyboard.PressAsync("Enter");
        await Expect(opened.Page.GetByRole(AriaRole.Complementary)).ToContainTextAsync("oldest");
        await opened.Page.Keyboard.PressAsync("Escape");
        await Expect(opened.Page.GetByRole(AriaRole.Complementary)).ToHaveCountAsync(0);
        Assert.EndsWith("/logs", opened.Page.Url, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Back_leads_to_where_the_person_was()
    {
        await using var dashboard = await ShopDashboard.StartAsync();
        await using var opened = await browser.OpenAsync(dashboard.Server.LoginUrl);
        await opened.NavigateAsync("Traces");
        await opened.Page.GetByRole(AriaRole.Link, new() { Name = "GET /films" }).ClickAsync();
        await opened.SeesAsync("SELECT pg_sleep(1)");

        await opened.Page.GoBackAsync();
        await Expect(opened.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Traces");
        await opened.Page.GoForwardAsync();
        await opened.SeesAsync("SELECT pg_sleep(1)");
    }

    [BrowserFact]
    public async Task The_slow_statement_of_a_request_stands_at_its_top_and_leads_to_its_log()
    {
        await using var dashboard = await ShopDashboard.StartAsync();
        await using var opened = await browser.OpenAsync(dashboard.Server.LoginUrl);
        await opened.NavigateAsync("Traces");
        await opened.Page.GetByRole(AriaRole.Link, new() { Name = "GET /films" }).ClickAsync();

        await Expect(opened.Page.Locator(".insight")).ToContainTextAsync("SELECT pg_sleep(1)");
        await opened.Page.Locator(".insight").GetByRole(AriaRole.Link).ClickAsync();
        await opened.Page.GetByRole(AriaRole.Complementary).GetByRole(AriaRole.Link, new() { Name = "asked the database" }).ClickAsync();
        await opened.SeesAsync("asked the database");
        await Expect(opened.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Structured logs");
    }

    [BrowserFact]
    public async Task A_measurement_leads_to_its_trace()
    {
        await using var dashboard = await ShopDashboard.StartAsync();
        await using var opened = await browser.OpenAsync(dashboard.Server.LoginUrl);
        await opened.NavigateAsync("Metrics");
        await Expect(opened.Page.Locator(".tiles")).ToContainTextAsync("p95");

        await opened.Page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Trace of") }).First.ClickAsync();

        await Expect(opened.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("GET /films");
    }

    [BrowserFact]
    public async Task A_metric_is_split_and_filtered_by_its_dimensions()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        await ShopDashboard.SendAsync(dashboard, "/v1/metrics", Envelope("api",
            Histogram("http.server.request.duration", [3, 1], [0.5], Now, Tagged(9, "http.route", "/films")),
            Histogram("http.server.request.duration", [1, 1], [0.5], Now, Tagged(9, "http.route", "/genres"))));
        await using var opened = await browser.OpenAsync(dashboard.Server.LoginUrl);
        await opened.NavigateAsync("Metrics");
        var legend = opened.Page.Locator(".legend").First;

        await opened.Page.GetByLabel("Lines by").SelectOptionAsync("http.route");
        await Expect(legend).ToContainTextAsync("p95 /genres");
        await opened.Page.Locator("select[name='d.http.route']").SelectOptionAsync("/films");
        await Expect(legend).Not.ToContainTextAsync("p95 /genres");
        await Expect(legend).ToContainTextAsync("p95 /films");
    }

    [BrowserFact]
    public async Task Records_are_filtered_by_level_and_resource_and_lead_to_their_trace()
    {
        await using var dashboard = await ShopDashboard.StartAsync();
        await ShopDashboard.SendAsync(dashboard, "/v1/logs", Envelope("worker", Log("all is lost", severity: 17)));
        await using var opened = await browser.OpenAsync(dashboard.Server.LoginUrl);
        await opened.NavigateAsync("Logs");

        await opened.Page.GetByLabel("Level").SelectOptionAsync("Warning");
        await opened.SeesNotAsync("asked the database");
        await opened.SeesAsync("all is lost");
        await opened.Page.GetByLabel("Level").SelectOptionAsync("");
        await opened.Page.GetByLabel("Resource").SelectOptionAsync("api");
        await opened.SeesNotAsync("all is lost");
        await opened.Page.GetByRole(AriaRole.Link, new() { Name = "Trace of this record" }).First.ClickAsync();

        await Expect(opened.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("GET /films");
        await Expect(opened.Page.Locator(".details .statement")).ToHaveTextAsync("SELECT pg_sleep(1)");
    }

    [BrowserFact]
    public async Task The_graph_shows_who_needs_whom_and_opens_details()
    {
        await using var dashboard = await ShopDashboard.StartAsync();
        await using var opened = await browser.OpenAsync(dashboard.Server.LoginUrl);
        await opened.Page.GetByRole(AriaRole.Link, new() { Name = "Graph" }).ClickAsync();

        await Expect(opened.Page.Locator(".graph .edge title")).ToHaveTextAsync("api uses postgres");
        await opened.Page.GetByRole(AriaRole.Link, new() { Name = "api, Project, Running" }).ClickAsync();

        await Expect(opened.Page.Locator(".details")).ToContainTextAsync("Waits for the health ofpostgres");
    }

    [BrowserTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task The_theme_is_the_systems_until_the_person_chooses(ColorScheme system)
    {
        await using var dashboard = await ShopDashboard.StartAsync();
        await using var opened = await browser.OpenAsync(dashboard.Server.LoginUrl, colorScheme: system);
        var before = await GroundAsync();

        await opened.Page.GetByRole(AriaRole.Button, new() { Name = "Switch between light and dark" }).ClickAsync();
        var after = await GroundAsync();
        await opened.Page.ReloadAsync();

        Assert.NotEqual(before, after);
        Assert.Equal(after, await GroundAsync());

        Task<string> GroundAsync() => opened.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
    }
}
