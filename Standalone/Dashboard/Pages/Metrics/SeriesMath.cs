using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Pages.Metrics;

/// <summary>Sums over series and spans of time (Unix nanoseconds).</summary>
internal static class SeriesMath
{
    // A sender that is silent for longer has no value of the moment any more.
    private const long Silence = 15 * UnixTime.Second;

    /// <summary>What was measured in a time; nothing where nothing was.</summary>
    public static HistogramData? Between(IEnumerable<SeriesView> series, long from, long to)
    {
        HistogramData? sum = null;
        foreach (var one in series)
        {
            var (before, after) = (one.At(from), one.At(to));
            if (after?.Histogram is null || ReferenceEquals(before, after))
            {
                continue;
            }

            var measured = before?.Histogram is null ? after.Histogram : after.Histogram.Minus(before.Histogram);
            sum = sum is null ? measured : sum.Plus(measured);
        }

        return sum;
    }

    /// <summary>By how much counters grew in a time.</summary>
    public static double Added(IEnumerable<SeriesView> series, long from, long to) =>
        series.Sum(one => Math.Max(0, (one.At(to)?.Value ?? 0) - (one.At(from)?.Value ?? 0)));

    /// <summary>The sum of the values of a moment; nothing where no sender was there.</summary>
    public static double? Level(IEnumerable<SeriesView> series, long time, TimeAxis axis)
    {
        double? sum = null;
        foreach (var one in series)
        {
            if (one.At(time) is { } point && point.End >= time - Math.Max(Silence, axis.Step))
            {
                sum = (sum ?? 0) + point.Value;
            }
        }

        return sum;
    }

    /// <summary>Seconds of the window during which there were data, so that a rate right after the start is not diluted.</summary>
    public static double Seconds(IReadOnlyList<SeriesView> series, TimeAxis axis)
    {
        var first = series.Any(one => one.Before is not null)
            ? axis.Start
            : series.SelectMany(one => one.Points.Take(1)).Select(point => point.Time).DefaultIfEmpty(axis.Start).Min();
        return Math.Max(axis.Step, axis.End - Math.Max(axis.Start, first)) / (double)UnixTime.Second;
    }
}
