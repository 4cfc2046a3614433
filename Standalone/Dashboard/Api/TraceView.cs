using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Api;

/// <summary>A trace as the HTTP API gives it; the spans only where one trace is asked for.</summary>
internal sealed record TraceView(
    string TraceId, string Name, string? Subject, string Resource, DateTime Start, double DurationMilliseconds, int Spans, int DroppedSpans, int Errors,
    IReadOnlyList<SpanCount> Resources)
{
    public IReadOnlyList<SpanView>? SpanList { get; init; }

    public static TraceView Of(TraceSummary trace) => new(
        trace.Id.ToString(), trace.Name, trace.Subject, trace.Resource, UnixTime.ToDateTime(trace.Start), trace.Duration / 1e6, trace.Spans, trace.Dropped,
        trace.Errors, trace.Resources);
}
