using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using MovieAspire.Standalone.Dashboard.Telemetry;
using MovieAspire.Standalone.Dashboard.Tests.Support;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SpanKind = MovieAspire.Standalone.Dashboard.Telemetry.SpanKind;

namespace MovieAspire.Standalone.Dashboard.Tests.Otlp;

/// <summary>What the services send: .NET's own exporter, in both of its protocols.</summary>
public sealed class DotnetSenderTests
{
    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task Spans_arrive_with_all_that_they_carry(OtlpExportProtocol protocol)
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        using var source = new ActivitySource($"test.spans.{protocol}");
        using (Sdk.CreateTracerProviderBuilder().SetResourceBuilder(Sender).AddSource(source.Name).AddOtlpExporter(Configure(dashboard, protocol, "v1/traces")).Build())
        {
            using var outer = source.StartActivity("GET /films", ActivityKind.Server)!;
            outer.SetTag("http.route", "/films").SetTag("count", 3).SetTag("ratio", 0.5).SetTag("cached", true).SetTag("ids", Enumerable.Range(1, 2).ToArray());
            using var inner = source.StartActivity("moviedb", ActivityKind.Client)!;
            inner.SetTag("db.query.text", "SELECT 1");
            inner.SetStatus(ActivityStatusCode.Error, "no answer").AddException(new TimeoutException("too late"));
        }

        var summary = Assert.Single(dashboard.Telemetry.Traces.Find(new TraceQuery()).Page);
        Assert.Equal(("GET /films", "api", 2, 1), (summary.Name, summary.Resource, summary.Spans, summary.Errors));
        var spans = dashboard.Telemetry.Traces.Get(summary.Id)!.Value.Spans;
        Assert.Equal(["3", "0.5", "true", "[1,2]"], ((string[])["count", "ratio", "cached", "ids"]).Select(spans[0].Tags.Find));
        Assert.Equal(spans[0].Id, spans[1].ParentId);
        Assert.Equal((SpanKind.Client, SpanStatus.Error, "no answer"), (spans[1].Kind, spans[1].Status, spans[1].StatusMessage));
        Assert.Equal("too late", Assert.Single(spans[1].Events).Tags.Find("exception.message"));
        Assert.Equal("api-1", spans[0].Resource.InstanceId);
    }

    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task Logs_arrive_with_level_attributes_and_trace(OtlpExportProtocol protocol)
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        using var activity = new Activity("outer").Start();
        using (var factory = LoggerFactory.Create(logging => logging.AddOpenTelemetry(telemetry =>
            telemetry.SetResourceBuilder(Sender).AddOtlpExporter(Configure(dashboard, protocol, "v1/logs")))))
        {
            factory.CreateLogger("MovieAspire.Api").LogWarning(new TimeoutException("too late"), "Film {Id} is slow", 42);
        }

        var entry = Assert.Single(dashboard.Telemetry.Logs.Find(new LogQuery()).Page);
        Assert.Equal((LogSeverity.Warning, "MovieAspire.Api", "api"), (entry.Severity, entry.Category, entry.Resource.Name));
        Assert.Equal("Film {Id} is slow", entry.Message);
        Assert.Equal(("42", "too late"), (entry.Tags.Find("Id"), entry.Tags.Find("exception.message")));
        Assert.Equal((activity.TraceId.ToHexString(), activity.SpanId.ToHexString()), (entry.TraceId.ToString(), entry.SpanId.ToString()));
    }

    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task Metrics_arrive_in_all_kinds_and_with_exemplars(OtlpExportProtocol protocol)
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        using var meter = new Meter($"test.metrics.{protocol}");
        using var activity = new Activity("outer") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        using (Sdk.CreateMeterProviderBuilder().SetResourceBuilder(Sender).AddMeter(meter.Name).SetExemplarFilter(ExemplarFilterType.TraceBased)
            .AddOtlpExporter(Configure(dashboard, protocol, "v1/metrics")).Build())
        {
            meter.CreateCounter<long>("sent", "By", "Bytes sent.").Add(5);
            meter.CreateUpDownCounter<long>("open").Add(-2);
            meter.CreateObservableGauge("heat", () => 36.6);
            meter.CreateHistogram<double>("took", "s").Record(0.3, new KeyValuePair<string, object?>("route", "/films"));
        }

        var metrics = dashboard.Telemetry.Metrics;
        Assert.Equal(
            [("heat", InstrumentKind.Gauge, 36.6), ("open", InstrumentKind.UpDownCounter, -2), ("sent", InstrumentKind.Counter, 5), ("took", InstrumentKind.Histogram, 0.3)],
            metrics.Instruments.Select(instrument => (instrument.Name, instrument.Kind, Assert.Single(Assert.Single(metrics.Read(instrument, 0)).Points).Value)));
        var sent = metrics.Instruments.Single(instrument => instrument.Name == "sent");
        Assert.Equal(("By", "Bytes sent.", meter.Name), (sent.Unit, sent.Description, sent.Meter));
        var took = Assert.Single(metrics.Read(metrics.Instruments.Single(instrument => instrument.Name == "took"), 0));
        Assert.Equal([new Tag("route", "/films")], took.Tags);
        Assert.Equal(1, took.Points[0].Histogram!.Count);
        Assert.Equal(activity.TraceId.ToHexString(), Assert.Single(took.Points[0].Exemplars).TraceId.ToString());
    }

    private static ResourceBuilder Sender =>
        ResourceBuilder.CreateEmpty().AddService("api", autoGenerateServiceInstanceId: false, serviceInstanceId: "api-1");

    private static Action<OtlpExporterOptions> Configure(RunningDashboard dashboard, OtlpExportProtocol protocol, string path) => options =>
    {
        options.Protocol = protocol;
        options.Endpoint = protocol == OtlpExportProtocol.Grpc ? dashboard.Server.Options.OtlpGrpcUrl : new Uri(dashboard.Server.Options.OtlpHttpUrl, path);
        options.Headers = $"x-otlp-api-key={dashboard.Server.Options.OtlpApiKey}";
    };
}
