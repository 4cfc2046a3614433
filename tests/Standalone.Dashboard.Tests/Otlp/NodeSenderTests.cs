using MovieAspire.Standalone.Dashboard.Telemetry;
using MovieAspire.Standalone.Dashboard.Tests.Support;

namespace MovieAspire.Standalone.Dashboard.Tests.Otlp;

/// <summary>A sender that is not .NET, in every protocol that its SDK speaks.</summary>
public sealed class NodeSenderTests : IClassFixture<NodePackages>
{
    [NodeTheory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    [InlineData("http/json")]
    public async Task A_node_service_is_seen(string protocol)
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        var options = dashboard.Server.Options;

        await NodePackages.RunScriptAsync("sender.cjs", new()
        {
            ["OTEL_SERVICE_NAME"] = "shop",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = (protocol == "grpc" ? options.OtlpGrpcUrl : options.OtlpHttpUrl).ToString(),
            ["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={options.OtlpApiKey}",
            ["OTEL_EXPORTER_OTLP_COMPRESSION"] = protocol == "http/json" ? "none" : "gzip",
            ["OTEL_TRACES_EXPORTER"] = "otlp",
            ["OTEL_LOGS_EXPORTER"] = "otlp",
            ["OTEL_METRICS_EXPORTER"] = "otlp",
        });

        var trace = Assert.Single(dashboard.Telemetry.Traces.Find(new TraceQuery()).Page);
        var span = Assert.Single(dashboard.Telemetry.Traces.Get(trace.Id)!.Value.Spans);
        Assert.Equal(("checkout", "shop", SpanStatus.Error, "card declined"), (span.Name, span.Resource.Name, span.Status, span.StatusMessage));
        Assert.Equal(["3", """["a","b"]""", "9.5", "true"], ((string[])["cart.items", "cart.ids", "cart.total", "paid"]).Select(span.Tags.Find));
        Assert.Equal("charged", Assert.Single(span.Events).Name);
        var entry = Assert.Single(dashboard.Telemetry.Logs.Find(new LogQuery { Resource = "shop" }).Page);
        Assert.Equal(("the card was declined", LogSeverity.Warning, trace.Id), (entry.Message, entry.Severity, entry.TraceId));
        var metrics = dashboard.Telemetry.Metrics;
        var orders = metrics.Instruments.Single(instrument => instrument.Name == "orders");
        Assert.Equal((InstrumentKind.Counter, 2.0), (orders.Kind, metrics.Read(orders, 0)[0].Points[0].Value));
        Assert.Equal(1, metrics.Read(metrics.Instruments.Single(instrument => instrument.Name == "took"), 0)[0].Points[0].Histogram!.Count);
    }
}
