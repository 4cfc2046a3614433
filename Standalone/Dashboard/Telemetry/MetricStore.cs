namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>The metrics that came in.</summary>
public sealed class MetricStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(TelemetryResource Resource, string Meter, string Name), Instrument> _instruments = [];
    private readonly BoundedLog<MetricPoint> _points;

    internal MetricStore(TelemetryLimits limits) =>
        _points = new BoundedLog<MetricPoint>(limits.Points, limits.Bytes, Evicted);

    /// <summary>How many points are kept.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _points.Count;
            }
        }
    }

    /// <summary>All instruments, by resource, meter and name.</summary>
    public IReadOnlyList<InstrumentInfo> Instruments
    {
        get
        {
            lock (_lock)
            {
                return [.. _instruments.Values.Select(instrument => instrument.Info)
                    .OrderBy(info => info.Meter, StringComparer.Ordinal).ThenBy(info => info.Name, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Adds the metrics of one sender.</summary>
    public void Add(TelemetryResource sender, IReadOnlyList<MetricData> metrics)
    {
        lock (_lock)
        {
            foreach (var metric in metrics)
            {
                Add(sender, metric);
            }
        }
    }

    /// <summary>An instrument's series since an instant (Unix nanoseconds), each with the state before it; nothing for an unknown instrument.</summary>
    public IReadOnlyList<SeriesView> Read(InstrumentInfo instrument, long since)
    {
        lock (_lock)
        {
            return _instruments.TryGetValue((instrument.Resource, instrument.Meter, instrument.Name), out var found)
                ? [.. found.Series.Select(series => SeriesView.Of(series, since))]
                : [];
        }
    }

    /// <summary>Forgets all points.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _points.Clear();
        }
    }

    private void Add(TelemetryResource sender, MetricData metric)
    {
        foreach (var data in metric.Points)
        {
            if (Find(sender, metric).Find(data.Tags).Append(data, metric.IsDelta) is not { } point)
            {
                continue;
            }

            if (point.Entry is null)
            {
                point.Entry = _points.Add(sender, point, point.Bytes);
            }
            else
            {
                // A series that stands still is still alive: its only point must not go before other series' old ones.
                _points.Touch(point.Entry);
            }
        }
    }

    private Instrument Find(TelemetryResource sender, MetricData metric)
    {
        var key = (sender, metric.Meter, metric.Name);
        if (!_instruments.TryGetValue(key, out var instrument) || instrument.Kind != metric.Kind)
        {
            _instruments[key] = instrument = new Instrument(sender, metric);
        }

        return instrument;
    }

    private void Evicted(MetricPoint point)
    {
        point.Series.EvictOldest();
        var instrument = point.Series.Instrument;
        var key = (instrument.Resource, instrument.Info.Meter, instrument.Info.Name);
        if (instrument.Series.Count == 0 && _instruments.GetValueOrDefault(key) == instrument)
        {
            _instruments.Remove(key);
        }
    }
}
