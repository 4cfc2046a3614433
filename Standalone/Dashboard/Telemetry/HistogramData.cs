namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>Counts of measurements by size.</summary>
/// <param name="Bounds">The upper bounds of all buckets but the last, which has none; growing.</param>
/// <param name="Counts">How many measurements fell into each bucket; one more than there are bounds.</param>
public sealed record HistogramData(IReadOnlyList<double> Bounds, IReadOnlyList<long> Counts)
{
    /// <summary>How many measurements there are.</summary>
    public long Count
    {
        get
        {
            // Not Sum(), which throws where a sender's nonsense overflows.
            var count = 0L;
            foreach (var bucket in Counts)
            {
                count += bucket;
            }

            return count;
        }
    }

    /// <summary>
    /// The value below which the given share (0 to 1) of the measurements lies, taking those of a bucket as evenly spread; nothing
    /// for no measurements. Of the last bucket only its lower bound is known.
    /// </summary>
    public double? Percentile(double share)
    {
        var total = Count;
        if (total == 0)
        {
            return null;
        }

        var rank = share * total;
        var before = 0L;
        for (var i = 0; i < Bounds.Count; i++)
        {
            if (Counts[i] > 0 && before + Counts[i] >= rank)
            {
                var lower = i == 0 ? Math.Min(0, Bounds[0]) : Bounds[i - 1];
                return lower + (Bounds[i] - lower) * Math.Max(0, rank - before) / Counts[i];
            }

            before += Counts[i];
        }

        return Bounds.Count > 0 ? Bounds[^1] : null;
    }

    /// <summary>Bucket by bucket this and the other; the other alone where the buckets differ.</summary>
    public HistogramData Plus(HistogramData other) => Combine(other, static (a, b) => a + b) ?? other;

    /// <summary>What came on top of an earlier state; all of it where the buckets differ.</summary>
    public HistogramData Minus(HistogramData earlier) => Combine(earlier, static (a, b) => Math.Max(0, a - b)) ?? this;

    private HistogramData? Combine(HistogramData other, Func<long, long, long> combine) =>
        Bounds.SequenceEqual(other.Bounds) ? this with { Counts = [.. Counts.Zip(other.Counts, combine)] } : null;
}
