using MovieAspire.Standalone.Dashboard.Resources;
using static MovieAspire.Standalone.Dashboard.Tests.Support.OtlpRequests;
using static MovieAspire.Standalone.Dashboard.Tests.Support.Proto;

namespace MovieAspire.Standalone.Dashboard.Tests.Support;

/// <summary>A dashboard with something of everything: resources, a slow request with its statement, logs, a metric with an exemplar.</summary>
internal static class ShopDashboard
{
    public static async Task<RunningDashboard> StartAsync()
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

    public static async Task SendAsync(RunningDashboard dashboard, string path, byte[] body)
    {
        using var response = await dashboard.Otlp.SendAsync(path, body);
        response.EnsureSuccessStatusCode();
    }
}
