namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>Something that happened during a span, an exception for example. The instant is in Unix nanoseconds.</summary>
public sealed record SpanEvent(long Time, string Name, IReadOnlyList<Tag> Tags);
