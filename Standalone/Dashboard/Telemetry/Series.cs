namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>
/// The points of one combination of dimensions, as running totals: what a sender gives as differences is summed up, and
/// a counter that begins anew (the sender was restarted) goes on from where it was. Belongs to the store, which locks around it.
/// </summary>
internal sealed class Series(Instrument instrument, IReadOnlyList<Tag> tags)
{
    private readonly Queue<MetricPoint> _points = new();
    private MetricPoint? _last;
    private double _offset;
    private HistogramData? _histogramOffset;

    public Instrument Instrument { get; } = instrument;

    public IReadOnlyList<Tag> Tags { get; } = tags;

    public IReadOnlyCollection<MetricPoint> Points => _points;

    /// <summary>The last state that was evicted, from which the first kept point went on; nothing while no point was.</summary>
    public MetricPoint? Before { get; private set; }

    /// <summary>Takes a point; gives the kept point that now stands for it, or nothing for one that came before.</summary>
    public MetricPoint? Append(PointData data, bool isDelta)
    {
        if (_last is not null && data.Time <= _last.End)
        {
            // Out of order or sent again.
            return null;
        }

        var point = Total(data, isDelta);
        if (_last is not null && _last.Value.Equals(point.Value) && _last.Histogram?.Count == point.Histogram?.Count)
        {
            _last.End = point.Time;
            return _last;
        }

        _points.Enqueue(point);
        return _last = point;
    }

    public void EvictOldest()
    {
        Before = _points.Dequeue();
        if (_points.Count == 0)
        {
            Instrument.Remove(this);
        }
    }

    private MetricPoint Total(PointData data, bool isDelta)
    {
        var value = data.Value;
        var histogram = data.Histogram;
        if (Instrument.IsCumulative && _last is not null && (isDelta || IsReset(data)))
        {
            (_offset, _histogramOffset) = (_last.Value, _last.Histogram);
        }

        return new MetricPoint
        {
            Time = data.Time,
            End = data.Time,
            Value = value + _offset,
            Histogram = histogram is not null && _histogramOffset is not null ? _histogramOffset.Plus(histogram) : histogram,
            Exemplars = data.Exemplars,
            Series = this,
        };
    }

    private bool IsReset(PointData data) => Instrument.Kind == InstrumentKind.Histogram
        ? data.Histogram!.Count < _last!.Histogram!.Count - (_histogramOffset?.Count ?? 0)
        : Instrument.Kind == InstrumentKind.Counter && data.Value < _last!.Value - _offset;
}
