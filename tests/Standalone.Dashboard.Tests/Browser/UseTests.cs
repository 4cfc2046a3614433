using Microsoft.Playwright;
using MovieAspire.Standalone.Dashboard.Resources;
using MovieAspire.Standalone.Dashboard.Tests.Support;
using static Microsoft.Playwright.Assertions;
using static MovieAspire.Standalone.Dashboard.Tests.Support.OtlpRequests;
using static MovieAspire.Standalone.Dashboard.Tests.Support.Proto;

namespace MovieAspire.Standalone.Dashboard.Tests.Browser;

/// <summary>What a person does with mouse, keyboard, telephone and screen reader.</summary>
public sealed class UseTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Hostile = "<img src=x onerror=alert(1)>";

    private static readonly string[] Pages = ["/", "/?view=graph", "/?selected=api", "/console?resource=api", "/logs?selected=1", "/traces", "/traces/00000000000000000000000000000001?selected=0000000000000002", "/metrics"];

    [Fact]
    public async Task A_button_asks_acts_and_tells_the_outcome()
    {
        await using var dashboard = await StartAsync();
        await using var opened = await browser.OpenAsync(dashboard.Server.LoginUrl);
        var start = opened.Page.GetByRole(AriaRole.Button, new() { Name = "Start", Exact = true });

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

    [Fact]
    public async Task A_list_can_be_walked_opened_and_closed_by_keyboard()
    {
        await using var dashboard = await StartAsync();
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

    [Fact]
    public async Task Back_leads_to_where_the_person_was()
    {
        await using var dashboard = await StartAsync();
        await using var opened = await browser.OpenAsync(dashboard.Server.LoginUrl);
        await opened.NavigateAsync("Traces");
        await opened.Page.GetByRole(AriaRole.Link, new() { Name = "GET /films" }).ClickAsync();
        await opened.SeesAsync("SELECT pg_sleep(1)");

        await opened.Page.GoBackAsync();
        await Expect(opened.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Traces");
        await opened.Page.GoForwardAsync();
        await opened.SeesAsync("SELECT pg_sleep(1)");
    }

    [Fact]
    public async Task The_slow_statement_of_a_request_stands_at_its_top_and_leads_to_its_log()
    {
        await using var dashboard = await StartAsync();
        await using var opened = await browser.OpenAsync(dashboard.Server.LoginUrl);
        await opened.NavigateAsync("Traces");
        await opened.Page.GetByRole(AriaRole.Link, new() { Name = "GET /films" }).ClickAsync();

        await Expect(opened.Page.Locator(".insight")).ToContainTextAsync("SELECT pg_sleep(1)");
        await opened.Page.Locator(".insight").GetByRole(AriaRole.Link).ClickAsync();
        await opened.Page.GetByRole(AriaRole.Complementary).GetByRole(AriaRole.Link, new() { Name = "asked the database" }).ClickAsync();
        await opened.SeesAsync("asked the database");
        await Expect(opened.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Structured logs");
    }

    [Fact]
    public async Task A_measurement_leads_to_its_trace()
    {
        await using var dashboard = await StartAsync();
        await using var opened = await browser.OpenAsync(dashboard.Server.LoginUrl);
        await opened.NavigateAsync("Metrics");
        await Expect(opened.Page.Locator(".tiles")).ToContainTextAsync("p95");

        await opened.Page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Trace of") }).First.ClickAsync();

        await Expect(opened.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("GET /films");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task The_theme_is_the_systems_until_the_person_chooses(ColorScheme system)
    {
        await using var dashboard = await StartAsync();
        await using var opened = await browser.OpenAsync(dashboard.Server.LoginUrl, colorScheme: system);
        var before = await GroundAsync();

        await opened.Page.GetByRole(AriaRole.Button, new() { Name = "Switch between light and dark" }).ClickAsync();
        var after = await GroundAsync();
        await opened.Page.ReloadAsync();

        Assert.NotEqual(before, after);
        Assert.Equal(after, await GroundAsync());

        Task<string> GroundAsync() => opened.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
    }

    [Fact]
    public async Task On_a_telephone_nothing_is_wider_than_the_screen()
    {
        await using var dashboard = await StartAsync();
        await using var opened = await browser.OpenAsync(dashboard.Server.LoginUrl, width: 360, height: 740);

        foreach (var path in Pages)
        {
            await opened.Page.GotoAsync(new Uri(dashboard.Server.Options.FrontendUrl, path).ToString());
            Assert.True(await opened.Page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 360, path);
        }
    }

    [Fact]
    public async Task Every_control_has_a_name_every_page_one_heading_and_no_id_twice()
    {
        await using var dashboard = await StartAsync();
        await using var opened = await browser.OpenAsync(dashboard.Server.LoginUrl);

        foreach (var path in Pages)
        {
            await opened.Page.GotoAsync(new Uri(dashboard.Server.Options.FrontendUrl, path).ToString());
            Assert.Equal(1, await opened.Page.GetByRole(AriaRole.Heading, new() { Level = 1 }).CountAsync());
            Assert.Empty(await opened.Page.EvaluateAsync<string[]>("""
                () => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select')]
                  .filter(e => !(e.getAttribute('aria-label') || e.labels?.length || e.textContent.trim() || e.title)).map(e => e.outerHTML)
                """));
            Assert.Empty(await opened.Page.EvaluateAsync<string[]>("""
                () => { const ids = [...document.querySelectorAll('[id]')].map(e => e.id); return ids.filter((id, i) => ids.indexOf(id) !== i); }
                """));
        }
    }

    [Fact]
    public async Task Script_that_came_in_with_telemetry_does_not_run()
    {
        await using var dashboard = await StartAsync();
        dashboard.Resources.Resources = [TestResources.Running(Hostile) with { Commands = [new ResourceCommand("start", Hostile, Hostile, Hostile, IsHighlighted: true)] }];
        dashboard.Resources.Write(Hostile, Hostile);
        await SendAsync(dashboard, "/v1/logs", Envelope(Hostile, Log(Hostile, 17, Tagged(6, Hostile, Hostile))));
        await SendAsync(dashboard, "/v1/metrics", Envelope(Hostile, Gauge(Hostile, 1)));
        await using var opened = await browser.OpenAsync(dashboard.Server.LoginUrl);

        foreach (var path in (string[])["/", $"/?view=graph&selected={Uri.EscapeDataString(Hostile)}", "/console", "/logs?selected=3", $"/metrics?resource={Uri.EscapeDataString(Hostile)}"])
        {
            await opened.Page.GotoAsync(new Uri(dashboard.Server.Options.FrontendUrl, path).ToString());
            await opened.SeesAsync("onerror=alert(1)"[..10]);
            Assert.Equal(0, await opened.Page.Locator("img").CountAsync());
        }
    }

    private static async Task<RunningDashboard> StartAsync()
    {
        var dashboard = await RunningDashboard.StartAsync();
        dashboard.Resources.Resources =
        [
            TestResources.Running("postgres"),
            TestResources.Running("api") with
            {
                Urls = [new ResourceUrl("http", "http://localhost:5180")],
                Environment = [new ResourceValue("A_LONG_NAME_OF_AN_ENVIRONMENT_VARIABLE", new string('x', 200)), new ResourceValue("PASSWORD", "s3cret", IsSecret: true)],
                References = ["postgres"],
                Waits = [new ResourceWait("postgres", WaitCondition.Healthy)],
            },
            TestResources.Running("backup") with
            {
                State = "NotStarted",
                Tone = StateTone.Neutral,
                Commands = [new ResourceCommand("start", "Start", "Writes a dump", "Back up now?", IsHighlighted: true), new ResourceCommand("break", "Break it", IsHighlighted: true)],
            },
        ];
        dashboard.Resources.Write("api", $"\x1b[32minfo\x1b[0m: {new string('y', 300)}");
        var start = Now - 3_000_000_000;
        await SendAsync(dashboard, "/v1/traces", Envelope("api",
            Span("GET /films", spanId: 1, start: start, milliseconds: 1200, more: Text(3, "")),
            Span("postgresql", spanId: 2, parentId: 1, start: start + 100_000_000, milliseconds: 1000, more: Tagged(9, "db.query.text", "SELECT pg_sleep(1)"))));
        var trace = new byte[16];
        trace[15] = 1;
        var span = new byte[8];
        span[7] = 2;
        await SendAsync(dashboard, "/v1/logs", Envelope("api", Log("oldest", 9, Bytes(9, trace), Bytes(10, span)), Log("asked the database", 9, Bytes(9, trace), Bytes(10, span))));
        await SendAsync(dashboard, "/v1/metrics", Envelope("api", Histogram("http.server.request.duration", [1, 1], [0.5], start, Bytes(8, Message(Fixed64(2, (ulong)start), Double(3, 0.4), Bytes(5, trace))))));
        return dashboard;
    }

    private static async Task SendAsync(RunningDashboard dashboard, string path, byte[] body)
    {
        using var response = await dashboard.Otlp.SendAsync(path, body);
        response.EnsureSuccessStatusCode();
    }
}
