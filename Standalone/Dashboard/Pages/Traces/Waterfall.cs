using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Pages.Traces;

/// <summary>The spans of a trace as a tree, in the order in which they are read, with the time that each spent itself.</summary>
public sealed class Waterfall
{
    private readonly ILookup<SpanId, Span> _children;
    private readonly HashSet<SpanId> _placed = [];

    public Waterfall(IReadOnlyList<Span> spans)
    {
        var ids = spans.Select(span => span.Id).ToHashSet();
        _children = spans.ToLookup(span => ids.Contains(span.ParentId) ? span.ParentId : default);
        Start = spans.Min(span => span.Start);
        Duration = Math.Max(1, spans.Max(span => span.End) - Start);
        Place(default);

        // What hangs in a circle of parents hangs from no root; it is shown all the same.
        foreach (var span in spans.Where(span => !_placed.Contains(span.Id)))
        {
            PlaceOne(span, 0);
        }

        Slowest = Rows.MaxBy(row => row.Self);
        Failed = Rows.Where(row => row.Span.Status == SpanStatus.Error).MaxBy(row => row.Depth);
    }

    public long Start { get; }

    public long Duration { get; }

    public List<WaterfallRow> Rows { get; } = [];

    /// <summary>The span that spent most time itself, rather than waiting for the spans below it.</summary>
    public WaterfallRow? Slowest { get; }

    /// <summary>The failed span that the others failed of: the innermost.</summary>
    public WaterfallRow? Failed { get; }

    private void Place(SpanId parent)
    {
        // Depth-first with a stack of its own: how deep a sender nests must not decide over the thread's stack.
        var stack = new Stack<(Span Span, int Depth)>(Sorted(parent).Select(span => (span, 0)));
        while (stack.TryPop(out var next))
        {
            if (!PlaceOne(next.Span, next.Depth))
            {
                continue;
            }

            foreach (var child in Sorted(next.Span.Id))
            {
                stack.Push((child, next.Depth + 1));
            }
        }
    }

    // The last is popped first.
    private IEnumerable<Span> Sorted(SpanId parent) => _children[parent].OrderByDescending(span => span.Start).ThenBy(span => span.End);

    private bool PlaceOne(Span span, int depth)
    {
        if (!_placed.Add(span.Id))
        {
            return false;
        }

        Rows.Add(new WaterfallRow(span, depth, SelfTime(span)));
        return true;
    }

    // The span's time less that during which a child ran; children may overlap, and may outlive it.
    private long SelfTime(Span span)
    {
        var (self, covered) = (span.Duration, span.Start);
        foreach (var child in _children[span.Id].OrderBy(child => child.Start))
        {
            var (start, end) = (Math.Max(covered, child.Start), Math.Min(span.End, child.End));
            if (end > start)
            {
                self -= end - start;
                covered = end;
            }
        }

        return self;
    }
}
