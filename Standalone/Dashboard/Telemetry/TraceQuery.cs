namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>Which traces to list.</summary>
public sealed record TraceQuery
{
    /// <summary>Only traces with a span of this resource.</summary>
    public string? Resource { get; init; }

    /// <summary>Only traces with this text in a span's name, error or attributes.</summary>
    public string? Text { get; init; }

    /// <summary>Only traces that hold a failed span.</summary>
    public bool Errors { get; init; }

    /// <summary>Only traces that took at least so long, in nanoseconds.</summary>
    public long MinDuration { get; init; }

    /// <summary>The most traces to give.</summary>
    public int Limit { get; init; } = 100;

    internal bool Matches(Trace trace) =>
        (!Errors || trace.Errors > 0)
        && trace.End - trace.Start >= MinDuration
        && (Resource is null || trace.Spans.Any(span => span.Resource.Name == Resource))
        && (Text is null || trace.Spans.Any(Matches));

    private bool Matches(Span span) =>
        span.Name.Contains(Text!, StringComparison.OrdinalIgnoreCase)
        || span.Error?.Contains(Text!, StringComparison.OrdinalIgnoreCase) == true
        || span.Tags.AnyContains(Text!);
}
