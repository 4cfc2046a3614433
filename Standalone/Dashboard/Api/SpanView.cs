using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Api;

/// <summary>A span as the HTTP API gives it.</summary>
internal sealed record SpanView(
    string SpanId, string? ParentId, string Name, string Resource, SpanKind Kind, SpanStatus Status, string? StatusMessage, DateTime Start,
    double DurationMilliseconds, IReadOnlyList<Tag> Attributes)
{
    public static SpanView Of(Span span) => new(
        span.Id.ToString(), span.ParentId.IsEmpty ? null : span.ParentId.ToString(), span.Name, span.Resource.Name, span.Kind, span.Status,
        span.StatusMessage, UnixTime.ToDateTime(span.Start), span.Duration / 1e6, span.Tags);
}
