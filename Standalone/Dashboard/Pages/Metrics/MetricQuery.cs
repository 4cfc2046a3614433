using System.Globalization;
using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Pages.Metrics;

/// <summary>What the metrics page is to show, from its address and from what there is.</summary>
public sealed record MetricQuery
{
    /// <summary>Before the name of a dimension in the address.</summary>
    public const string DimensionPrefix = "d.";

    // What an observer most likely came for.
    private static readonly string[] Favourites = ["http.server.request.duration", "db.client.operation.duration"];

    public string? Resource { get; private init; }

    public IReadOnlyList<InstrumentInfo> Instruments { get; private init; } = [];

    public InstrumentInfo? Instrument { get; private init; }

    public TimeSpan Window { get; private init; }

    /// <summary>The dimension by which the lines are split.</summary>
    public string? By { get; private init; }

    public IReadOnlyDictionary<string, string> Dimensions { get; private init; } = new Dictionary<string, string>();

    public static MetricQuery Read(PageRequest request, TelemetryStore telemetry)
    {
        var all = telemetry.Metrics.Instruments;
        var resource = request.Get("resource")
            ?? all.FirstOrDefault(instrument => instrument.Name == Favourites[0])?.Resource.Name
            ?? (all.Count > 0 ? all[0].Resource.Name : null);

        // After a restart with a new instance id there are two senders of one name; the younger one is of interest.
        var instruments = all.Where(instrument => instrument.Resource.Name == resource)
            .GroupBy(instrument => (instrument.Meter, instrument.Name)).Select(group => group.Last()).ToList();
        var asked = request.Get("instrument");
        return new MetricQuery
        {
            Resource = resource,
            Instruments = instruments,
            Instrument = instruments.Find(instrument => instrument.Name == asked && request.Get("meter") is var meter && (meter is null || meter == instrument.Meter))
                ?? Favourites.Select(name => instruments.Find(instrument => instrument.Name == name)).FirstOrDefault(instrument => instrument is not null)
                ?? instruments.FirstOrDefault(),
            Window = TimeSpan.FromMinutes(int.TryParse(request.Get("minutes"), CultureInfo.InvariantCulture, out var minutes) ? Math.Clamp(minutes, 1, 60) : 5),
            By = request.Get("by"),
            Dimensions = request.Query.Where(pair => pair.Key.StartsWith(DimensionPrefix, StringComparison.Ordinal) && pair.Value.Length > 0)
                .ToDictionary(pair => pair.Key[DimensionPrefix.Length..], pair => pair.Value),
        };
    }

    public bool Matches(SeriesView series) => Dimensions.All(pair => (series.Tags.Find(pair.Key) ?? "") == pair.Value);
}
