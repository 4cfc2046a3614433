using System.Text.Json;
using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Otlp;

/// <summary>One of the three kinds of telemetry: where it is sent to and how a request becomes part of the store.</summary>
/// <param name="Path">The path of OTLP/HTTP.</param>
/// <param name="Service">The service of OTLP/gRPC.</param>
/// <param name="StoreProtobuf">Decodes a request whole, then stores it, so that a malformed one leaves no trace.</param>
/// <param name="StoreJson">The same from JSON.</param>
internal sealed record OtlpSignal(
    string Path, string Service, OtlpSignal.StoreBytes StoreProtobuf, Action<JsonElement, TelemetryStore> StoreJson)
{
    private const string Collector = "opentelemetry.proto.collector";

    public delegate void StoreBytes(ReadOnlySpan<byte> request, TelemetryStore store);

    public static IReadOnlyList<OtlpSignal> All { get; } =
    [
        new("/v1/traces", $"{Collector}.trace.v1.TraceService",
            (request, store) => store.Add(ProtoEnvelope.Read<Span>(request, store.Strings, ProtoSpans.Read)),
            (request, store) => store.Add(JsonCommon.Read<Span>(request, ("resourceSpans", "scopeSpans", "spans"), store.Strings, JsonSignals.ReadSpan))),
        new("/v1/logs", $"{Collector}.logs.v1.LogsService",
            (request, store) => store.Add(ProtoEnvelope.Read<LogEntry>(request, store.Strings, ProtoLogs.Read)),
            (request, store) => store.Add(JsonCommon.Read<LogEntry>(request, ("resourceLogs", "scopeLogs", "logRecords"), store.Strings, JsonSignals.ReadLog))),
        new("/v1/metrics", $"{Collector}.metrics.v1.MetricsService",
            (request, store) => store.Add(ProtoEnvelope.Read<MetricData>(request, store.Strings, ProtoMetrics.Read)),
            (request, store) => store.Add(JsonCommon.Read<MetricData>(request, ("resourceMetrics", "scopeMetrics", "metrics"), store.Strings, JsonMetrics.Read))),
    ];
}
