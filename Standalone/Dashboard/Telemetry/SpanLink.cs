namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>A relation to a span of another trace.</summary>
public sealed record SpanLink(TraceId TraceId, SpanId SpanId, IReadOnlyList<Tag> Tags);
