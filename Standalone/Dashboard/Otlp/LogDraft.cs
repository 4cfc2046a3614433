using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Otlp;

/// <summary>A log record while it is read.</summary>
internal sealed class LogDraft
{
    public required string Scope { get; init; }

    public long Time { get; set; }

    public long ObservedTime { get; set; }

    public long Severity { get; set; }

    public string Body { get; set; } = "";

    public string EventName { get; set; } = "";

    public TraceId TraceId { get; set; }

    public SpanId SpanId { get; set; }

    public List<Tag> Tags { get; } = [];

    public LogEntry ToEntry()
    {
        if (EventName.Length > 0)
        {
            Tags.Insert(0, new Tag("event.name", EventName));
        }

        return new LogEntry
        {
            Time = Time > 0 ? Time : ObservedTime,
            Severity = Severity switch
            {
                >= 21 => LogSeverity.Critical,
                >= 17 => LogSeverity.Error,
                >= 13 => LogSeverity.Warning,
                >= 9 => LogSeverity.Information,
                >= 5 => LogSeverity.Debug,
                _ => LogSeverity.Trace,
            },
            Category = Scope,
            Message = Body.Length > 0 ? Body : EventName,
            TraceId = TraceId,
            SpanId = SpanId,
            Tags = OtlpValues.Limit(Tags),
        };
    }
}
