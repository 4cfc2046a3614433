namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>A series' state since the start, true from one instant to another (Unix nanoseconds): equal points in a row are kept as one.</summary>
public sealed class MetricPoint
{
    /// <summary>When it was first seen.</summary>
    public required long Time { get; init; }

    /// <summary>When it was last seen.</summary>
    public long End { get; internal set; }

    /// <summary>The value; of a histogram the sum of all measurements.</summary>
    public required double Value { get; init; }

    /// <summary>The counts by size, for a histogram.</summary>
    public HistogramData? Histogram { get; init; }

    /// <summary>Measurements with their traces.</summary>
    public IReadOnlyList<Exemplar> Exemplars { get; init; } = [];

    internal Series Series { get; init; } = null!;

    internal BoundedLog<MetricPoint>.Entry? Entry { get; set; }

    internal long Bytes => 200 + 8 * (Histogram?.Counts.Count ?? 0) + 64 * Exemplars.Count;
}
