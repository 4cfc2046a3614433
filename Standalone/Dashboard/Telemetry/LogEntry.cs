namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>A structured log record.</summary>
public sealed class LogEntry
{
    /// <summary>Its place in the order of arrival, unique while the dashboard runs; set when it is stored.</summary>
    public long Number { get; internal set; }

    /// <summary>When it was written, in Unix nanoseconds.</summary>
    public required long Time { get; init; }

    /// <summary>How serious it is.</summary>
    public required LogSeverity Severity { get; init; }

    /// <summary>The logger that wrote it.</summary>
    public required string Category { get; init; }

    /// <summary>The text.</summary>
    public required string Message { get; init; }

    /// <summary>The trace during which it was written, if any.</summary>
    public TraceId TraceId { get; init; }

    /// <summary>The span during which it was written, if any.</summary>
    public SpanId SpanId { get; init; }

    /// <summary>Its attributes.</summary>
    public required IReadOnlyList<Tag> Tags { get; init; }

    /// <summary>Who sent it; set when it is stored.</summary>
    public TelemetryResource Resource { get; internal set; } = null!;

    internal long Bytes => 200 + 2 * Message.Length + Tags.Bytes();
}
