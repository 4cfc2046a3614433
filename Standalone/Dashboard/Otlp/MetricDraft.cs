using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Otlp;

/// <summary>A metric while it is read.</summary>
internal sealed class MetricDraft
{
    private const long Delta = 1;

    public required string Meter { get; init; }

    public string Name { get; set; } = "";

    public string Description { get; set; } = "";

    public string Unit { get; set; } = "";

    public MetricShape Shape { get; set; }

    public long Temporality { get; set; }

    public bool IsMonotonic { get; set; }

    public List<PointDraft> Points { get; } = [];

    public void AddTo(List<MetricData> items)
    {
        if (Name.Length == 0)
        {
            throw new MalformedOtlpException("A metric has no name.");
        }

        var (kind, points) = Shape switch
        {
            MetricShape.Sum => (IsMonotonic ? InstrumentKind.Counter : InstrumentKind.UpDownCounter, Points.Select(point => point.ToNumber())),
            MetricShape.Histogram => (InstrumentKind.Histogram, Points.Select(point => point.ToHistogram())),
            MetricShape.ExponentialHistogram => (InstrumentKind.Histogram, Points.Select(point => point.ToExponential())),
            MetricShape.Summary => (InstrumentKind.Gauge, Points.SelectMany(point => point.ToQuantiles())),
            _ => (InstrumentKind.Gauge, Points.Select(point => point.ToNumber())),
        };
        items.Add(new MetricData(Meter, Name, Description, Unit, kind, Temporality == Delta, [.. points]));
    }
}
