using System.Net;
using MovieAspire.Standalone.Dashboard.Otlp;
using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Tests.Support;

/// <summary>A dashboard on free ports, for one test.</summary>
internal sealed class RunningDashboard : IAsyncDisposable
{
    private RunningDashboard(DashboardServer server, TestResources resources)
    {
        Server = server;
        Resources = resources;
        Anonymous = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server.Options.FrontendUrl };
        Script = new HttpClient { BaseAddress = server.Options.FrontendUrl };
        Script.DefaultRequestHeaders.Add("x-api-key", server.Options.LoginToken);
        Otlp = new HttpClient { BaseAddress = server.Options.OtlpHttpUrl };
        Otlp.DefaultRequestHeaders.Add(OtlpReceiver.ApiKeyHeader, server.Options.OtlpApiKey);
    }

    public DashboardServer Server { get; }

    public TestResources Resources { get; }

    public TelemetryStore Telemetry => Server.Telemetry;

    /// <summary>Knows no secret and follows no redirect.</summary>
    public HttpClient Anonymous { get; }

    /// <summary>Sends the login token as a script does.</summary>
    public HttpClient Script { get; }

    /// <summary>Sends the API key to the OTLP endpoint.</summary>
    public HttpClient Otlp { get; }

    public static async Task<RunningDashboard> StartAsync(TelemetryLimits? limits = null, Uri? url = null)
    {
        var resources = new TestResources();
        var options = new DashboardOptions { ApplicationName = "Test", FrontendUrl = url ?? new Uri("http://localhost:0"), Limits = limits ?? new TelemetryLimits() };
        return new RunningDashboard(await DashboardServer.StartAsync(options, resources), resources);
    }

    /// <summary>A browser's session.</summary>
    public async Task<HttpClient> LogInAsync()
    {
        var client = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = Server.Options.FrontendUrl };
        using var response = await client.GetAsync(Server.LoginUrl);
        response.EnsureSuccessStatusCode();
        return client;
    }

    /// <summary>After whatever was sent before, the next sender is served.</summary>
    public async Task StillServesAsync()
    {
        using var response = await Otlp.SendAsync("/v1/traces", OtlpRequests.Envelope("fine", OtlpRequests.Span("afterwards")));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains(Telemetry.Traces.Find(new TraceQuery()).Page, trace => trace.Name == "afterwards");
    }

    public async ValueTask DisposeAsync()
    {
        Anonymous.Dispose();
        Script.Dispose();
        Otlp.Dispose();
        await Server.DisposeAsync();
    }
}
