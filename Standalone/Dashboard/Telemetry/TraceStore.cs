namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>The traces that came in.</summary>
public sealed class TraceStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TraceId, Trace> _byId = [];
    private readonly BoundedLog<Trace> _traces;
    private readonly TelemetryLimits _limits;

    internal TraceStore(TelemetryLimits limits)
    {
        _limits = limits;
        _traces = new BoundedLog<Trace>(limits.Traces, limits.Bytes, trace => _byId.Remove(trace.Id));
    }

    /// <summary>How many traces are kept.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _traces.Count;
            }
        }
    }

    /// <summary>Adds the spans of one sender.</summary>
    public void Add(TelemetryResource sender, IReadOnlyList<Span> spans)
    {
        lock (_lock)
        {
            foreach (var span in spans)
            {
                span.Resource = sender;
                Add(sender, span);
            }
        }
    }

    /// <summary>The traces that match and came in last, the latest started first, and how many match in all.</summary>
    public (IReadOnlyList<TraceSummary> Page, int Total) Find(TraceQuery query)
    {
        lock (_lock)
        {
            var page = new List<TraceSummary>();
            var total = 0;
            foreach (var trace in _traces.NewestFirst().Where(query.Matches))
            {
                if (total++ < query.Limit)
                {
                    page.Add(trace.Summarize());
                }
            }

            return ([.. page.OrderByDescending(trace => trace.Start)], total);
        }
    }

    /// <summary>The summary and the spans of a trace by their start, or nothing where it is not kept (any more).</summary>
    public (TraceSummary Summary, IReadOnlyList<Span> Spans)? Get(TraceId id)
    {
        lock (_lock)
        {
            return _byId.TryGetValue(id, out var trace)
                ? (trace.Summarize(), [.. trace.Spans.OrderBy(span => span.Start)])
                : null;
        }
    }

    /// <summary>Forgets all traces.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _traces.Clear();
        }
    }

    private void Add(TelemetryResource sender, Span span)
    {
        if (!_byId.TryGetValue(span.TraceId, out var trace))
        {
            _byId[span.TraceId] = trace = new Trace(span.TraceId);
            trace.Add(span, _limits.SpansPerTrace);
            trace.Entry = _traces.Add(sender, trace, 400 + span.Bytes);
        }
        else if (trace.Add(span, _limits.SpansPerTrace))
        {
            _traces.Grow(trace.Entry!, span.Bytes);
        }
    }
}
