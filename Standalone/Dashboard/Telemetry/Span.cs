namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>One step of a trace. Instants are Unix nanoseconds.</summary>
public sealed class Span
{
    /// <summary>The trace that it belongs to.</summary>
    public required TraceId TraceId { get; init; }

    /// <summary>Its own id.</summary>
    public required SpanId Id { get; init; }

    /// <summary>The span that caused it; empty for a root.</summary>
    public SpanId ParentId { get; init; }

    /// <summary>What was done.</summary>
    public required string Name { get; init; }

    /// <summary>The library that recorded it.</summary>
    public required string Scope { get; init; }

    /// <summary>Its part between services.</summary>
    public SpanKind Kind { get; init; }

    /// <summary>When it began.</summary>
    public required long Start { get; init; }

    /// <summary>When it ended, never before it began.</summary>
    public required long End { get; init; }

    /// <summary>How it ended.</summary>
    public SpanStatus Status { get; init; }

    /// <summary>What its sender says of the status.</summary>
    public string? StatusMessage { get; init; }

    /// <summary>Its attributes.</summary>
    public required IReadOnlyList<Tag> Tags { get; init; }

    /// <summary>What happened during it.</summary>
    public IReadOnlyList<SpanEvent> Events { get; init; } = [];

    /// <summary>Spans of other traces that it is related to.</summary>
    public IReadOnlyList<SpanLink> Links { get; init; } = [];

    /// <summary>Who sent it; set when it is stored.</summary>
    public TelemetryResource Resource { get; internal set; } = null!;

    /// <summary>How long it took, in nanoseconds.</summary>
    public long Duration => End - Start;

    /// <summary>Why it failed, in the words of the exception where one was recorded: a database's status message is only a code.</summary>
    public string? Error => Status != SpanStatus.Error ? null
        : Events.Select(happened => happened.Tags.Find("exception.message")).FirstOrDefault(message => message is not null) ?? StatusMessage;

    /// <summary>The SQL statement or whatever else a database was asked.</summary>
    public string? Statement => (Tags.Find("db.query.text") ?? Tags.Find("db.statement"))?.Trim();

    /// <summary>What tells it from spans of the same name: the statement, the address, the queue.</summary>
    public string? Subject => Statement ?? Tags.Find("url.full") ?? Tags.Find("url.path") ?? Tags.Find("messaging.destination.name");

    internal long Bytes =>
        250 + Tags.Bytes() + 2 * (StatusMessage?.Length ?? 0)
        + Events.Sum(happened => 48 + happened.Tags.Bytes()) + Links.Sum(link => 48 + link.Tags.Bytes());
}
