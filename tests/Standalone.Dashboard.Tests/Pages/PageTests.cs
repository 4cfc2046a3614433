using System.Net;
using System.Text.Json;
using MovieAspire.Standalone.Dashboard.Resources;
using MovieAspire.Standalone.Dashboard.Tests.Support;
using static MovieAspire.Standalone.Dashboard.Tests.Support.OtlpRequests;
using static MovieAspire.Standalone.Dashboard.Tests.Support.Proto;

namespace MovieAspire.Standalone.Dashboard.Tests.Pages;

public sealed class PageTests
{
    private const string Script = "<script>alert('x')</script><img src=x onerror=alert(1)>";

    [Fact]
    public async Task Script_in_names_and_values_is_shown_as_text_on_every_page()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        dashboard.Resources.Resources =
        [
            TestResources.Running(Script) with
            {
                State = Script,
                Tone = StateTone.Warning,
                Type = Script,
                Urls = [new ResourceUrl(Script, "javascript:alert(1)")],
                Health = [new HealthReport(Script, false, Script)],
                Environment = [new ResourceValue(Script, Script)],
                References = [Script],
                Commands = [new ResourceCommand(Script, Script, Script, Script, IsHighlighted: true)],
            },
        ];
        dashboard.Resources.Write(Script, Script);
        byte[] tags = [.. Tagged(9, Script, Script), .. Tagged(9, "db.query.text", Script)];
        await SendAsync(dashboard, "/v1/traces", Envelope(Script, Span(Script, more: tags)));
        await SendAsync(dashboard, "/v1/logs", Envelope(Script, Log(Script, 17, Tagged(6, Script, Script))));
        await SendAsync(dashboard, "/v1/metrics", Envelope(Script, Histogram(Script, [1, 1], [1], Now, Tagged(9, Script, Script))));
        using var browser = await dashboard.LogInAsync();
        var name = Uri.EscapeDataString(Script);
        string[] paths =
        [
            "/", $"/?view=graph&selected={name}", $"/console?resource={name}", $"/logs?q={name}&selected=1", $"/traces?q={name}",
            $"/traces/{new string('0', 31)}1?selected={new string('0', 15)}1", $"/metrics?resource={name}", $"/metrics?d.{name}={name}&by={name}",
            $"/{name}", $"/login?t={name}&returnUrl=/{name}",
        ];

        foreach (var path in paths)
        {
            using var response = await browser.GetAsync(path);
            var html = await response.Content.ReadAsStringAsync();
            Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
            Assert.DoesNotContain("href=\"javascript:", html, StringComparison.Ordinal);
            Assert.Contains("script-src 'self'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_secret_is_in_the_page_only_once_it_is_asked_for()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        dashboard.Resources.Resources = [TestResources.Running("api") with { Environment = [new ResourceValue("PASSWORD", "s3cret", IsSecret: true)] }];
        using var browser = await dashboard.LogInAsync();

        Assert.DoesNotContain("s3cret", await browser.GetStringAsync("/?selected=api"), StringComparison.Ordinal);
        Assert.Contains("s3cret", await browser.GetStringAsync("/?selected=api&reveal=PASSWORD"), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", await dashboard.Script.GetStringAsync("/api/resources"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_console_can_be_searched_and_downloaded_without_its_colours()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        dashboard.Resources.Resources = [TestResources.Running("api")];
        dashboard.Resources.Write("api", "\x1b[32mready\x1b[0m to go");
        dashboard.Resources.Write("api", "other");
        using var browser = await dashboard.LogInAsync();

        Assert.Contains("<span class=\"f2\">ready</span> to go", await browser.GetStringAsync("/console?resource=api&q=ready+to"), StringComparison.Ordinal);
        Assert.DoesNotContain("other", await browser.GetStringAsync("/console?resource=api&q=ready"), StringComparison.Ordinal);
        Assert.Equal("ready to go\nother\n", await browser.GetStringAsync("/console/download?resource=api"));
    }

    [Fact]
    public async Task Pages_of_nothing_say_so()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        using var browser = await dashboard.LogInAsync();

        Assert.Contains("No logs have come in yet", await browser.GetStringAsync("/logs"), StringComparison.Ordinal);
        Assert.Contains("No traces have come in yet", await browser.GetStringAsync("/traces"), StringComparison.Ordinal);
        Assert.Contains("No metrics have come in yet", await browser.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.Contains("not kept any more", await browser.GetStringAsync("/traces/nonsense"), StringComparison.Ordinal);
        using var missing = await browser.GetAsync("/nonsense");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task Assets_may_be_kept_and_come_from_the_dashboard_itself()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        using var browser = await dashboard.LogInAsync();
        var html = await browser.GetStringAsync("/");

        foreach (var name in (string[])["dashboard.css", "dashboard.js", "ansi.css", "icon.svg"])
        {
            var url = html.Split('"').Single(part => part.StartsWith("/assets/", StringComparison.Ordinal) && part.EndsWith(name, StringComparison.Ordinal));
            using var response = await dashboard.Anonymous.GetAsync(url);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Contains("immutable", response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("http://", (await response.Content.ReadAsStringAsync()).Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_api_gives_resources_traces_and_logs()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        dashboard.Resources.Resources = [TestResources.Running("api") with { Waits = [new ResourceWait("db", WaitCondition.Healthy)] }];
        await SendAsync(dashboard, "/v1/traces", Envelope("api", Span("fast", 1), Span("slow", 2, milliseconds: 900)));
        await SendAsync(dashboard, "/v1/logs", Envelope("api", Log("fine"), Log("broken", 17)));

        using var resources = JsonDocument.Parse(await dashboard.Script.GetStringAsync("/api/resources"));
        using var traces = JsonDocument.Parse(await dashboard.Script.GetStringAsync("/api/telemetry/traces?min=100"));
        using var trace = JsonDocument.Parse(await dashboard.Script.GetStringAsync($"/api/telemetry/traces/{new string('0', 31)}2"));
        using var logs = JsonDocument.Parse(await dashboard.Script.GetStringAsync("/api/telemetry/logs?level=error"));

        Assert.Equal("healthy", resources.RootElement.GetProperty("resources")[0].GetProperty("waits")[0].GetProperty("condition").GetString());
        Assert.Equal((1, "slow"), (traces.RootElement.GetProperty("total").GetInt32(), traces.RootElement.GetProperty("traces")[0].GetProperty("name").GetString()));
        Assert.Equal("server", trace.RootElement.GetProperty("spanList")[0].GetProperty("kind").GetString());
        Assert.Equal("broken", Assert.Single(logs.RootElement.GetProperty("logs").EnumerateArray()).GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("/api/telemetry/logs?limit=0", HttpStatusCode.BadRequest)]
    [InlineData("/api/telemetry/traces?limit=many", HttpStatusCode.BadRequest)]
    [InlineData("/api/telemetry/traces/nonsense", HttpStatusCode.NotFound)]
    public async Task The_api_says_what_is_wrong(string path, HttpStatusCode expected)
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        using var response = await dashboard.Script.GetAsync(path);

        Assert.Equal(expected, response.StatusCode);
        Assert.Contains("\"error\":", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task SendAsync(RunningDashboard dashboard, string path, byte[] body)
    {
        using var response = await dashboard.Otlp.SendAsync(path, body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
