namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>The spans of one trace, as far as they have arrived. Belongs to the store, which locks around it.</summary>
internal sealed class Trace(TraceId id)
{
    private readonly List<Span> _spans = [];
    private Span? _root;

    public TraceId Id { get; } = id;

    public IReadOnlyList<Span> Spans => _spans;

    /// <summary>How many spans came after the trace was full.</summary>
    public int Dropped { get; private set; }

    public int Errors { get; private set; }

    public long Start { get; private set; } = long.MaxValue;

    public long End { get; private set; }

    public BoundedLog<Trace>.Entry? Entry { get; set; }

    /// <summary>Adds a span unless the trace is full or a sender repeats itself after a lost answer.</summary>
    public bool Add(Span span, int limit)
    {
        if (_spans.Count >= limit)
        {
            Dropped++;
            return false;
        }

        // Retries repeat the last batch, so a look at the youngest spans finds them.
        for (var i = _spans.Count - 1; i >= Math.Max(0, _spans.Count - 64); i--)
        {
            if (_spans[i].Id == span.Id)
            {
                return false;
            }
        }

        _spans.Add(span);
        Errors += span.Status == SpanStatus.Error ? 1 : 0;
        Start = Math.Min(Start, span.Start);
        End = Math.Max(End, span.End);
        if (_root is null || IsMoreOfARoot(span, _root))
        {
            _root = span;
        }

        return true;
    }

    public TraceSummary Summarize() => new(Id, _root!.Name, _root.Subject, _root.Resource.Name, Start, End - Start, _spans.Count, Dropped, Errors,
        [.. _spans.CountBy(span => span.Resource.Name).Select(pair => new SpanCount(pair.Key, pair.Value))]);

    private static bool IsMoreOfARoot(Span span, Span other) =>
        span.ParentId.IsEmpty != other.ParentId.IsEmpty ? span.ParentId.IsEmpty : span.Start < other.Start;
}
