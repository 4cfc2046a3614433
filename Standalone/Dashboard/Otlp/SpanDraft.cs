using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Otlp;

/// <summary>A span while it is read; <see cref="ToSpan"/> checks what both encodings have to check.</summary>
internal sealed class SpanDraft
{
    public TraceId TraceId { get; set; }

    public SpanId Id { get; set; }

    public SpanId ParentId { get; set; }

    public string Name { get; set; } = "";

    public required string Scope { get; init; }

    public SpanKind Kind { get; set; }

    public long Start { get; set; }

    public long End { get; set; }

    public SpanStatus Status { get; set; }

    public string? StatusMessage { get; set; }

    public List<Tag> Tags { get; } = [];

    public List<SpanEvent> Events { get; } = [];

    public List<SpanLink> Links { get; } = [];

    public Span ToSpan()
    {
        if (TraceId.IsEmpty || Id.IsEmpty)
        {
            throw new MalformedOtlpException("A span has no trace id of 16 bytes or no span id of 8 bytes.");
        }

        return new Span
        {
            TraceId = TraceId,
            Id = Id,
            ParentId = ParentId == Id ? default : ParentId,
            Name = Name,
            Scope = Scope,
            Kind = Enum.IsDefined(Kind) ? Kind : SpanKind.Unspecified,
            Start = Start,
            End = Math.Max(Start, End),
            Status = Enum.IsDefined(Status) ? Status : SpanStatus.Unset,
            StatusMessage = StatusMessage,
            Tags = OtlpValues.Limit(Tags),
            Events = [.. Events.Take(OtlpValues.MaxTags)],
            Links = [.. Links.Take(OtlpValues.MaxTags)],
        };
    }
}
