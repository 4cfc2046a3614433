using MovieAspire.Standalone.Dashboard.Pages.Shared;
using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Pages.Metrics;

/// <summary>What an instrument's series say over a window of time: a few numbers and charts.</summary>
internal sealed record MetricReading(IReadOnlyList<StatTile> Tiles, IReadOnlyList<Chart> Charts)
{
    // More lines than colours can't be told apart; the table has all.
    private const int MaxLines = 8;

    private static readonly (string Label, double Share)[] Percentiles = [("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99)];

    public static MetricReading Of(MetricQuery query, IReadOnlyList<SeriesView> series, TimeAxis axis)
    {
        var groups = Groups(query, series);
        return query.Instrument!.Kind switch
        {
            InstrumentKind.Histogram => Histogram(query, series, groups, axis),
            InstrumentKind.Counter => Counter(query, series, groups, axis),
            _ => Level(query, groups, axis),
        };
    }

    // One line for all; one per value of the chosen dimension; of a value of the moment, one per series, since sums may mean nothing.
    private static List<(string Label, List<SeriesView> Series)> Groups(MetricQuery query, IReadOnlyList<SeriesView> series) =>
    [
        .. series
            .GroupBy(one => query.By is { } by ? one.Tags.Find(by) ?? "(none)"
                : query.Instrument!.Kind is InstrumentKind.Histogram or InstrumentKind.Counter || one.Tags.Count == 0 ? "all"
                : string.Join(", ", one.Tags.Select(tag => tag.Value)))
            .Select(group => (group.Key, group.ToList())),
    ];

    private static MetricReading Histogram(
        MetricQuery query, IReadOnlyList<SeriesView> series, List<(string Label, List<SeriesView> Series)> groups, TimeAxis axis)
    {
        var unit = query.Instrument!.Unit;
        var whole = SeriesMath.Between(series, axis.Start, axis.End);
        var lines = query.By is null
            ? Percentiles.Select(p => new ChartLine(p.Label, Steps(axis, (from, to) => SeriesMath.Between(series, from, to)?.Percentile(p.Share))))
            : groups.Select(group => new ChartLine($"p95 {group.Label}", Steps(axis, (from, to) => SeriesMath.Between(group.Series, from, to)?.Percentile(0.95))));
        return new MetricReading(
            [
                new StatTile("Rate", Rate((whole?.Count ?? 0) / SeriesMath.Seconds(series, axis), unit: "")),
                .. Percentiles.Select(p => new StatTile(p.Label, whole?.Percentile(p.Share) is { } value ? Format.Value(value, unit) : "–")),
                new StatTile("Count", Format.Number(whole?.Count ?? 0)),
            ],
            [
                new Chart(query.By is null ? "Percentiles" : $"p95 by {query.By}", unit, axis, Largest(lines), Marks(series, axis)),
                new Chart("Per second", "/s", axis,
                    Largest(groups.Select(group => new ChartLine(group.Label, Steps(axis, (from, to) => (SeriesMath.Between(group.Series, from, to)?.Count ?? 0) / axis.StepSeconds)))), []),
            ]);
    }

    private static MetricReading Counter(
        MetricQuery query, IReadOnlyList<SeriesView> series, List<(string Label, List<SeriesView> Series)> groups, TimeAxis axis)
    {
        var unit = query.Instrument!.Unit;
        var added = SeriesMath.Added(series, axis.Start, axis.End);
        var lines = groups.Select(group => new ChartLine(group.Label, Steps(axis, (from, to) => SeriesMath.Added(group.Series, from, to) / axis.StepSeconds)));
        return new MetricReading(
            [
                new StatTile("Rate", Rate(added / SeriesMath.Seconds(series, axis), unit)),
                new StatTile("Now", Rate(SeriesMath.Added(series, axis.End - axis.Step, axis.End) / axis.StepSeconds, unit)),
                new StatTile("In this time", Format.Value(added, unit)),
            ],
            [new Chart("Per second", unit, axis, Largest(lines), [])]);
    }

    private static MetricReading Level(MetricQuery query, List<(string Label, List<SeriesView> Series)> groups, TimeAxis axis)
    {
        var unit = query.Instrument!.Unit;
        var lines = groups.Select(group => new ChartLine(group.Label, Steps(axis, (_, to) => SeriesMath.Level(group.Series, to, axis)))).ToList();
        var values = lines.SelectMany(line => line.Values).OfType<double>().ToList();
        return new MetricReading(
            values.Count == 0 || lines.Count > 1
                ? [new StatTile("Series", Format.Number(lines.Count))]
                : [new StatTile("Now", Format.Value(values[^1], unit)), new StatTile("Least", Format.Value(values.Min(), unit)), new StatTile("Most", Format.Value(values.Max(), unit))],
            [new Chart(query.Instrument.Name, unit, axis, Largest(lines), [])]);
    }

    private static double?[] Steps(TimeAxis axis, Func<long, long, double?> value) =>
        [.. Enumerable.Range(0, axis.Steps).Select(step => value(axis.At(step) - axis.Step, axis.At(step)) is { } number && double.IsFinite(number) ? number : (double?)null)];

    private static List<ChartLine> Largest(IEnumerable<ChartLine> lines)
    {
        var all = lines.ToList();
        return all.Count <= MaxLines ? all : [.. all.OrderByDescending(line => line.Values.Max() ?? 0).Take(MaxLines)];
    }

    // Of each step the one that is most worth a look: the slowest.
    private static IReadOnlyList<ChartMark> Marks(IReadOnlyList<SeriesView> series, TimeAxis axis) =>
    [
        .. series.SelectMany(one => one.Points).SelectMany(point => point.Exemplars)
            .Where(exemplar => exemplar.Time >= axis.Start && exemplar.Time <= axis.End && double.IsFinite(exemplar.Value))
            .GroupBy(exemplar => (exemplar.Time - axis.Start) / axis.Step)
            .Select(step => step.MaxBy(exemplar => exemplar.Value)!)
            .Select(exemplar => new ChartMark(exemplar.Time, exemplar.Value, exemplar.TraceId, exemplar.SpanId)),
    ];

    private static string Rate(double value, string unit) => $"{Format.Value(value, unit == "s" ? "" : unit)}/s";
}
