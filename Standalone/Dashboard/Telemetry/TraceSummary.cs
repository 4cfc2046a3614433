namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>A trace as a list shows it; name and subject are those of its root, times in nanoseconds.</summary>
public sealed record TraceSummary(
    TraceId Id, string Name, string? Subject, string Resource, long Start, long Duration, int Spans, int Dropped, int Errors, IReadOnlyList<SpanCount> Resources);

/// <summary>How many spans of a trace a resource sent.</summary>
public sealed record SpanCount(string Resource, int Spans);
