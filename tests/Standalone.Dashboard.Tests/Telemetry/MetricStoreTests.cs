using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Tests.Telemetry;

public sealed class MetricStoreTests
{
    private static readonly TelemetryResource Api = new("api", "1", []);

    [Fact]
    public void Differences_are_summed_up()
    {
        var store = new MetricStore(new TelemetryLimits());

        Add(store, InstrumentKind.Counter, isDelta: true, (1, 5), (2, 3), (3, 4));

        Assert.Equal([5.0, 8, 12], Values(store));
    }

    [Fact]
    public void A_counter_that_begins_anew_goes_on()
    {
        var store = new MetricStore(new TelemetryLimits());

        Add(store, InstrumentKind.Counter, isDelta: false, (1, 5), (2, 9), (3, 2), (4, 3), (5, 1));

        Assert.Equal([5.0, 9, 11, 12, 13], Values(store));
    }

    [Fact]
    public void A_histogram_that_begins_anew_goes_on()
    {
        var store = new MetricStore(new TelemetryLimits());

        foreach (var (time, counts) in ((long, long[])[])[(1, [2, 1]), (2, [4, 1]), (3, [1, 0]), (4, [1, 2])])
        {
            store.Add(Api, [Metric(InstrumentKind.Histogram, false, new PointData([], time, 0, new HistogramData([1], counts), []))]);
        }

        Assert.Equal([[2L, 1], [4, 1], [5, 1], [5, 3]], Points(store).Select(point => point.Histogram!.Counts));
    }

    [Fact]
    public void Equal_values_in_a_row_are_one_point()
    {
        var store = new MetricStore(new TelemetryLimits());

        Add(store, InstrumentKind.Gauge, isDelta: false, (1, 7), (2, 7), (3, 7), (4, 8));

        Assert.Equal([(1L, 3L, 7.0), (4, 4, 8)], Points(store).Select(point => (point.Time, point.End, point.Value)));
    }

    [Fact]
    public void Late_and_repeated_points_change_nothing()
    {
        var store = new MetricStore(new TelemetryLimits());

        Add(store, InstrumentKind.Counter, isDelta: false, (5, 7), (5, 7), (3, 1), (6, 8));

        Assert.Equal([7.0, 8], Values(store));
    }

    [Fact]
    public void The_oldest_points_go_first_and_the_state_before_them_stays_known()
    {
        var store = new MetricStore(new TelemetryLimits { Points = 3 });

        Add(store, InstrumentKind.Counter, isDelta: false, (1, 1), (2, 2), (3, 3), (4, 4), (5, 5));

        var series = Assert.Single(store.Read(store.Instruments[0], 0));
        Assert.Equal([3.0, 4, 5], series.Points.Select(point => point.Value));
        Assert.Equal(2, series.Before!.Value);
    }

    [Fact]
    public void A_series_that_stands_still_outlives_those_that_move()
    {
        var store = new MetricStore(new TelemetryLimits { Points = 5 });

        for (var time = 1; time <= 50; time++)
        {
            store.Add(Api, [Metric(InstrumentKind.Gauge, false, Point("still", time, 1), Point("moves", time, time))]);
        }

        var series = store.Read(store.Instruments[0], 0);
        Assert.Equal(5, store.Count);
        Assert.Equal((1, 50), (series.Single(one => one.Tags[0].Value == "still").Points[0].Time, series.Single(one => one.Tags[0].Value == "still").Points[0].End));
    }

    [Fact]
    public void A_series_of_which_nothing_is_left_is_forgotten_with_its_instrument()
    {
        var store = new MetricStore(new TelemetryLimits { Points = 2 });
        store.Add(Api, [Metric(InstrumentKind.Gauge, false, Point("old", 1, 1)) with { Name = "old" }]);

        Add(store, InstrumentKind.Gauge, isDelta: false, (2, 1), (3, 2));

        Assert.Equal("m", Assert.Single(store.Instruments).Name);
    }

    [Fact]
    public void The_order_of_dimensions_means_nothing()
    {
        var store = new MetricStore(new TelemetryLimits());
        Tag[] tags = [new("a", "1"), new("b", "2")];

        store.Add(Api, [Metric(InstrumentKind.Gauge, false, new PointData(tags, 1, 1, null, []), new PointData([tags[1], tags[0]], 2, 2, null, []))]);

        Assert.Single(store.Read(store.Instruments[0], 0));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, 1.0)]
    [InlineData(2, 1.0)]
    [InlineData(3, 3.0)]
    [InlineData(99, 3.0)]
    public void The_state_at_an_instant_is_that_of_the_last_point_before(long time, double? expected)
    {
        var store = new MetricStore(new TelemetryLimits());
        Add(store, InstrumentKind.Counter, isDelta: false, (1, 1), (3, 3));

        Assert.Equal(expected, store.Read(store.Instruments[0], 0)[0].At(time)?.Value);
        Assert.Equal(time < 3 ? (time < 1 ? null : 1.0) : 3.0, store.Read(store.Instruments[0], 2)[0] is var cut && time >= 1 ? cut.At(time)?.Value : null);
    }

    private static MetricData Metric(InstrumentKind kind, bool isDelta, params PointData[] points) => new("meter", "m", "", "", kind, isDelta, points);

    private static PointData Point(string dimension, long time, double value) => new([new Tag("d", dimension)], time, value, null, []);

    private static void Add(MetricStore store, InstrumentKind kind, bool isDelta, params (long Time, double Value)[] points) =>
        store.Add(Api, [Metric(kind, isDelta, [.. points.Select(point => new PointData([], point.Time, point.Value, null, []))])]);

    private static IReadOnlyList<MetricPoint> Points(MetricStore store) => Assert.Single(store.Read(store.Instruments[0], 0)).Points;

    private static IEnumerable<double> Values(MetricStore store) => Points(store).Select(point => point.Value);
}
