using System.Net;
using MovieAspire.Standalone.Dashboard.Telemetry;
using MovieAspire.Standalone.Dashboard.Tests.Support;

namespace MovieAspire.Standalone.Dashboard.Tests.Otlp;

public sealed class JsonSenderTests
{
    [Fact]
    public async Task Spans_arrive_from_json()
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        await SendAsync(dashboard, "/v1/traces", """
            {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"web"}}]},"scopeSpans":[{"scope":{"name":"lib"},"spans":[{
              "traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","parentSpanId":"eee19b7ec3c1b173","name":"click","kind":1,
              "startTimeUnixNano":"1544712660000000000","endTimeUnixNano":1544712661000000000,
              "attributes":[{"key":"n","value":{"intValue":"7"}},{"key":"list","value":{"arrayValue":{"values":[{"boolValue":true},{"doubleValue":1.5},{"kvlistValue":{"values":[{"key":"a","value":{"stringValue":"b"}}]}}]}}}],
              "events":[{"timeUnixNano":"1544712660500000000","name":"ping"}],"status":{"code":2,"message":"bad"},"unknownField":{"x":1}}]}]}]}
            """);

        var span = Assert.Single(dashboard.Telemetry.Traces.Get(TraceId.Parse("5b8efff798038103d269b633813fc60c"))!.Value.Spans);
        Assert.Equal(("click", "lib", "web", SpanKind.Internal, SpanStatus.Error, "bad"), (span.Name, span.Scope, span.Resource.Name, span.Kind, span.Status, span.StatusMessage));
        Assert.Equal((UnixTime.Second, "eee19b7ec3c1b173"), (span.Duration, span.ParentId.ToString()));
        Assert.Equal([new Tag("n", "7"), new Tag("list", """[true,1.5,{"a":"b"}]""")], span.Tags);
        Assert.Equal("ping", Assert.Single(span.Events).Name);
    }

    [Fact]
    public async Task Logs_arrive_from_json()
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        await SendAsync(dashboard, "/v1/logs", """
            {"resourceLogs":[{"scopeLogs":[{"logRecords":[{"observedTimeUnixNano":"1544712660000000000","severityNumber":18,"body":{"stringValue":"oh"},"eventName":"fall"}]}]}]}
            """);

        var entry = Assert.Single(dashboard.Telemetry.Logs.Find(new LogQuery()).Page);
        Assert.Equal((1544712660000000000, LogSeverity.Error, "oh", "unknown_service"), (entry.Time, entry.Severity, entry.Message, entry.Resource.Name));
        Assert.Equal("fall", entry.Tags.Find("event.name"));
    }

    [Fact]
    public async Task Metrics_of_every_shape_arrive_from_json()
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        await SendAsync(dashboard, "/v1/metrics", """
            {"resourceMetrics":[{"scopeMetrics":[{"metrics":[
              {"name":"a","gauge":{"dataPoints":[{"timeUnixNano":"1","asDouble":0.5}]}},
              {"name":"b","sum":{"isMonotonic":true,"aggregationTemporality":2,"dataPoints":[{"timeUnixNano":"1","asInt":"3"}]}},
              {"name":"c","histogram":{"aggregationTemporality":2,"dataPoints":[{"timeUnixNano":"1","count":"4","sum":9,"bucketCounts":["1","3"],"explicitBounds":[2]}]}},
              {"name":"d","exponentialHistogram":{"aggregationTemporality":2,"dataPoints":[{"timeUnixNano":"1","count":"3","sum":5,"scale":0,"zeroCount":"1","positive":{"offset":0,"bucketCounts":["1","1"]}}]}},
              {"name":"e","summary":{"dataPoints":[{"timeUnixNano":"1","quantileValues":[{"quantile":0.5,"value":1},{"quantile":0.9,"value":2}]}]}}
            ]}]}]}
            """);

        var metrics = dashboard.Telemetry.Metrics;
        var points = metrics.Instruments.ToDictionary(info => info.Name, info => metrics.Read(info, 0));
        Assert.Equal((0.5, 3), (points["a"][0].Points[0].Value, points["b"][0].Points[0].Value));
        Assert.Equal([1L, 3L], points["c"][0].Points[0].Histogram!.Counts);
        Assert.Equal([1.0, 2, 4], points["d"][0].Points[0].Histogram!.Bounds);
        Assert.Equal([1L, 1, 1, 0], points["d"][0].Points[0].Histogram!.Counts);
        Assert.Equal([("0.5", 1.0), ("0.9", 2.0)], points["e"].Select(series => (series.Tags.Find("quantile")!, series.Points[0].Value)));
    }

    private static async Task SendAsync(RunningDashboard dashboard, string path, string json)
    {
        using var response = await dashboard.Otlp.SendAsync(path, System.Text.Encoding.UTF8.GetBytes(json), "application/json");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("{}", await response.Content.ReadAsStringAsync());
    }
}
