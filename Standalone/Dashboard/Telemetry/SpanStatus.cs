namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>How a span ended, with OTLP's numbers.</summary>
public enum SpanStatus
{
    /// <summary>Nothing was said, which is the usual good end.</summary>
    Unset = 0,

    /// <summary>Marked as good.</summary>
    Ok = 1,

    /// <summary>Failed.</summary>
    Error = 2,
}
