using System.Net;
using MovieAspire.Standalone.Dashboard.Telemetry;
using MovieAspire.Standalone.Dashboard.Tests.Support;
using static MovieAspire.Standalone.Dashboard.Tests.Support.OtlpRequests;
using static MovieAspire.Standalone.Dashboard.Tests.Support.Proto;

namespace MovieAspire.Standalone.Dashboard.Tests.Otlp;

/// <summary>However much comes in, what is kept stays within bounds; bench/dashboard.sh measures the process.</summary>
public sealed class LoadTests
{
    [Fact]
    public async Task A_flood_of_traces_logs_and_points_leaves_what_the_limits_say()
    {
        await using var dashboard = await RunningDashboard.StartAsync(new TelemetryLimits { Logs = 1000, Traces = 1000, Points = 1000 });

        for (var batch = 0; batch < 20; batch++)
        {
            var numbers = Enumerable.Range(batch * 500 + 1, 500).ToList();
            await SendAsync(dashboard, "/v1/traces", Envelope("api", [.. numbers.Select(i => Span("s", traceId: (ulong)i))]));
            await SendAsync(dashboard, "/v1/logs", Envelope("api", [.. numbers.Select(i => Log($"record {i}"))]));
            await SendAsync(dashboard, "/v1/metrics", Envelope("api", [.. numbers.Select(i => Counter("c", i, i))]));
        }

        Assert.Equal((1000, 1000, 1000), (dashboard.Telemetry.Traces.Count, dashboard.Telemetry.Logs.Count, dashboard.Telemetry.Metrics.Count));
        Assert.Equal("record 10000", dashboard.Telemetry.Logs.Find(new LogQuery { Limit = 1 }).Page[0].Message);
    }

    [Fact]
    public async Task Large_records_are_bounded_by_their_bytes()
    {
        await using var dashboard = await RunningDashboard.StartAsync(new TelemetryLimits { Bytes = 4 << 20 });
        var tag = Tagged(9, "payload", new string('x', 30_000));

        for (var batch = 0; batch < 20; batch++)
        {
            await SendAsync(dashboard, "/v1/traces", Envelope("api", [.. Enumerable.Range(batch * 50 + 1, 50).Select(i => Span("s", traceId: (ulong)i, more: tag))]));
        }

        Assert.InRange(dashboard.Telemetry.Traces.Count, 40, 80);
    }

    [Fact]
    public async Task Ever_new_senders_push_out_the_oldest()
    {
        await using var dashboard = await RunningDashboard.StartAsync(new TelemetryLimits { Resources = 20 });

        for (var i = 0; i < 100; i++)
        {
            await SendAsync(dashboard, "/v1/logs", Envelope($"sender-{i:000}", Log("hello")));
        }

        Assert.Equal(20, dashboard.Telemetry.Resources.All.Count);
        Assert.Equal("sender-099", dashboard.Telemetry.Resources.All[^1].Name);
    }

    private static async Task SendAsync(RunningDashboard dashboard, string path, byte[] body)
    {
        using var response = await dashboard.Otlp.SendAsync(path, body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
