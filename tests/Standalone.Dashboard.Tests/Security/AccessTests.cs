using System.Net;
using MovieAspire.Standalone.Dashboard.Tests.Support;

namespace MovieAspire.Standalone.Dashboard.Tests.Security;

public sealed class AccessTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/logs?q=x")]
    [InlineData("/console/download?resource=api")]
    [InlineData("/nonsense")]
    public async Task Without_the_token_every_page_leads_to_the_login(string path)
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        using var response = await dashboard.Anonymous.GetAsync(path);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal($"/login?returnUrl={Uri.EscapeDataString(path)}", response.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("/api/resources")]
    [InlineData("/api/telemetry/logs")]
    [InlineData("/api/telemetry/traces")]
    public async Task Without_the_token_the_api_answers_401(string path)
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        using var response = await dashboard.Anonymous.GetAsync(path);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("x-api-key", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_printed_url_logs_in_with_a_cookie_that_is_not_the_token()
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        using var response = await dashboard.Anonymous.GetAsync(dashboard.Server.LoginUrl);

        Assert.Equal("/", response.Headers.Location!.OriginalString);
        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=lax", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain(dashboard.Server.Options.LoginToken, cookie, StringComparison.Ordinal);
        using var browser = await dashboard.LogInAsync();
        Assert.Contains("<h1>Resources</h1>", await browser.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_token_stays_outside()
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        using var response = await dashboard.Anonymous.PostAsync("/login", new FormUrlEncodedContent([new("t", "wrong")]));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("/logs?q=1", "/logs?q=1")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("javascript:alert(1)", "/")]
    public async Task The_login_leads_on_within_the_dashboard_only(string returnUrl, string expected)
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        using var response = await dashboard.Anonymous.GetAsync($"/login?t={dashboard.Server.Options.LoginToken}&returnUrl={Uri.EscapeDataString(returnUrl)}");

        Assert.Equal(expected, response.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("192.168.1.10:15180")]
    public async Task Requests_for_another_host_are_refused(string host)
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        dashboard.Script.DefaultRequestHeaders.Host = host;
        dashboard.Otlp.DefaultRequestHeaders.Host = host;

        using var page = await dashboard.Script.GetAsync("/api/resources");
        using var telemetry = await dashboard.Otlp.SendAsync("/v1/traces", []);

        Assert.Equal([HttpStatusCode.MisdirectedRequest, HttpStatusCode.MisdirectedRequest], [page.StatusCode, telemetry.StatusCode]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    public async Task Telemetry_without_the_key_is_refused(string? key)
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        dashboard.Otlp.DefaultRequestHeaders.Remove("x-otlp-api-key");
        if (key is not null)
        {
            dashboard.Otlp.DefaultRequestHeaders.Add("x-otlp-api-key", key);
        }

        using var response = await dashboard.Otlp.SendAsync("/v1/traces", OtlpRequests.Envelope("x", OtlpRequests.Span("s")));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(0, dashboard.Telemetry.Traces.Count);
    }

    [Fact]
    public async Task The_ports_do_not_do_each_others_work()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        dashboard.Script.DefaultRequestHeaders.Add("x-otlp-api-key", dashboard.Server.Options.OtlpApiKey);
        dashboard.Otlp.DefaultRequestHeaders.Add("x-api-key", dashboard.Server.Options.LoginToken);

        using var telemetry = await dashboard.Script.SendAsync("/v1/traces", []);
        using var api = await dashboard.Otlp.GetAsync("/api/resources");

        Assert.NotEqual(HttpStatusCode.OK, telemetry.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, api.StatusCode);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://192.168.1.10:0")]
    [InlineData("https://localhost:0")]
    public async Task It_listens_on_loopback_only(string url)
    {
        var options = new DashboardOptions { FrontendUrl = new Uri(url) };

        var exception = await Assert.ThrowsAnyAsync<ArgumentException>(() => DashboardServer.StartAsync(options, new TestResources()));

        Assert.Contains("http://localhost", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_said_to_be_taken()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        var options = new DashboardOptions { FrontendUrl = dashboard.Server.Options.FrontendUrl };

        var exception = await Assert.ThrowsAsync<IOException>(() => DashboardServer.StartAsync(options, new TestResources()));

        Assert.Contains("ASPNETCORE_URLS", exception.Message, StringComparison.Ordinal);
    }
}
