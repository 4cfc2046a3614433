using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Otlp;

/// <summary>A metric's point of any shape while it is read.</summary>
internal sealed class PointDraft
{
    private const int MaxBuckets = 1024;
    private const int MaxExemplars = 10;

    // Keeps sums of counts within 64 bits whatever a sender claims.
    private const ulong MaxCount = 1UL << 50;

    public List<Tag> Tags { get; } = [];

    public long Time { get; set; }

    public double Value { get; set; }

    public ulong Count { get; set; }

    public List<ulong> Counts { get; } = [];

    public List<double> Bounds { get; } = [];

    public int Scale { get; set; }

    public int Offset { get; set; }

    public List<(double Quantile, double Value)> Quantiles { get; } = [];

    public List<Exemplar> Exemplars { get; } = [];

    public PointData ToNumber() => ToPoint(null);

    /// <summary>A series of its own for each quantile of a summary.</summary>
    public IEnumerable<PointData> ToQuantiles() => Quantiles.Take(MaxBuckets).Select(pair =>
        new PointData([.. OtlpValues.Limit(Tags), new Tag("quantile", OtlpValues.Text(pair.Quantile))], Time, pair.Value, null, []));

    public PointData ToHistogram()
    {
        if (Counts.Count == 0)
        {
            // Without buckets the count is all that is known.
            Bounds.Clear();
            Counts.Add(Count);
        }

        return ToPoint(Histogram(Bounds.ToArray(), [.. Counts.Select(Cap)]));
    }

    /// <summary>
    /// Bucket i of an exponential histogram lies between base^(offset+i) and base^(offset+i+1), where base is 2^(2^-scale).
    /// What is not positive goes into a bucket below the first.
    /// </summary>
    public PointData ToExponential()
    {
        var growth = Math.Pow(2, -Scale);
        var positive = Counts.Aggregate(0UL, (sum, count) => sum + (ulong)Cap(count));
        var bounds = Enumerable.Range(0, Counts.Count + 1).Select(i => Math.Pow(2, growth * ((double)Offset + i))).ToArray();
        return ToPoint(Histogram(bounds, [Cap(Count > positive ? Count - positive : 0), .. Counts.Select(Cap), 0]));
    }

    private static HistogramData Histogram(double[] bounds, long[] counts)
    {
        if (counts.Length != bounds.Length + 1 || counts.Length > MaxBuckets)
        {
            throw new MalformedOtlpException($"A histogram has {counts.Length} counts for {bounds.Length} bounds; at most {MaxBuckets} are taken.");
        }

        for (var i = 0; i < bounds.Length; i++)
        {
            if (!double.IsFinite(bounds[i]) || (i > 0 && bounds[i] <= bounds[i - 1]))
            {
                throw new MalformedOtlpException("A histogram's bounds do not grow.");
            }
        }

        return new HistogramData(bounds, counts);
    }

    private static long Cap(ulong count) => (long)Math.Min(count, MaxCount);

    private PointData ToPoint(HistogramData? histogram) =>
        new(OtlpValues.Limit(Tags), Time, Value, histogram, [.. Exemplars.Where(exemplar => !exemplar.TraceId.IsEmpty).Take(MaxExemplars)]);
}
