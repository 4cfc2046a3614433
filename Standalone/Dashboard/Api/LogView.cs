using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Api;

/// <summary>A log record as the HTTP API gives it.</summary>
internal sealed record LogView(
    long Number, DateTime Time, LogSeverity Level, string Resource, string Category, string Message, string? TraceId, string? SpanId,
    IReadOnlyList<Tag> Attributes)
{
    public static LogView Of(LogEntry entry) => new(
        entry.Number, UnixTime.ToDateTime(entry.Time), entry.Severity, entry.Resource.Name, entry.Category, entry.Message,
        entry.TraceId.IsEmpty ? null : entry.TraceId.ToString(), entry.SpanId.IsEmpty ? null : entry.SpanId.ToString(), entry.Tags);
}
