namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>One thing that a sender measures. Belongs to the store, which locks around it.</summary>
internal sealed class Instrument(TelemetryResource resource, MetricData data)
{
    private readonly Dictionary<string, Series> _series = [];

    public TelemetryResource Resource { get; } = resource;

    public InstrumentInfo Info { get; } = new(resource, data.Meter, data.Name, data.Description, data.Unit, data.Kind);

    public InstrumentKind Kind => Info.Kind;

    public bool IsCumulative => Kind != InstrumentKind.Gauge;

    public IReadOnlyCollection<Series> Series => _series.Values;

    public Series Find(IReadOnlyList<Tag> tags)
    {
        var key = Key(tags);
        if (!_series.TryGetValue(key, out var series))
        {
            _series[key] = series = new Series(this, tags);
        }

        return series;
    }

    public void Remove(Series series) => _series.Remove(Key(series.Tags));

    // The order in which a sender names the dimensions means nothing.
    private static string Key(IReadOnlyList<Tag> tags) => tags.Count switch
    {
        0 => "",
        1 => $"{tags[0].Key}\0{tags[0].Value}",
        _ => string.Join('\0', tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}\0{tag.Value}")),
    };
}
