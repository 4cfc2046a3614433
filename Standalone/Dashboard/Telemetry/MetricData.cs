namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>A metric as one request carried it.</summary>
/// <param name="Meter">The library that measures.</param>
/// <param name="Name">The instrument's name.</param>
/// <param name="Description">What it measures.</param>
/// <param name="Unit">Its unit in UCUM: <c>s</c>, <c>By</c>, <c>{request}</c>.</param>
/// <param name="Kind">What its numbers mean.</param>
/// <param name="IsDelta">Whether a point tells what was added since the last one, rather than since the start.</param>
/// <param name="Points">Its points.</param>
public sealed record MetricData(
    string Meter, string Name, string Description, string Unit, InstrumentKind Kind, bool IsDelta, IReadOnlyList<PointData> Points);

/// <summary>A point of a metric as a request carried it.</summary>
/// <param name="Tags">The dimensions that it belongs to.</param>
/// <param name="Time">When it was measured, in Unix nanoseconds.</param>
/// <param name="Value">The value; of a histogram the sum of what was measured.</param>
/// <param name="Histogram">The counts by size, for a histogram.</param>
/// <param name="Exemplars">Measurements with the trace in which they were made.</param>
public sealed record PointData(
    IReadOnlyList<Tag> Tags, long Time, double Value, HistogramData? Histogram, IReadOnlyList<Exemplar> Exemplars);

/// <summary>A measurement with the trace in which it was made.</summary>
public sealed record Exemplar(long Time, double Value, TraceId TraceId, SpanId SpanId);
