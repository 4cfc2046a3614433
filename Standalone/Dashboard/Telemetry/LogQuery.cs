namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>Which log records to list.</summary>
public sealed record LogQuery
{
    /// <summary>Only records of this resource.</summary>
    public string? Resource { get; init; }

    /// <summary>Only records at least so serious.</summary>
    public LogSeverity MinSeverity { get; init; } = LogSeverity.Trace;

    /// <summary>Only records with this text in their message, category or attributes.</summary>
    public string? Text { get; init; }

    /// <summary>Only records of this trace.</summary>
    public TraceId TraceId { get; init; }

    /// <summary>Only records of this span.</summary>
    public SpanId SpanId { get; init; }

    /// <summary>The most records to give.</summary>
    public int Limit { get; init; } = 200;

    internal bool Matches(LogEntry entry) =>
        entry.Severity >= MinSeverity
        && (Resource is null || entry.Resource.Name == Resource)
        && (TraceId.IsEmpty || entry.TraceId == TraceId)
        && (SpanId.IsEmpty || entry.SpanId == SpanId)
        && (Text is null
            || entry.Message.Contains(Text, StringComparison.OrdinalIgnoreCase)
            || entry.Category.Contains(Text, StringComparison.OrdinalIgnoreCase)
            || entry.Tags.AnyContains(Text));
}
