using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Tests.Telemetry;

public sealed class HistogramDataTests
{
    [Fact]
    public void Percentiles_lie_where_the_measurements_do()
    {
        // 1000 measurements spread evenly over 0..100 in buckets of 10.
        var histogram = new HistogramData([.. Enumerable.Range(1, 10).Select(i => i * 10.0)], [.. Enumerable.Repeat(100L, 10), 0]);

        foreach (var share in (double[])[0.01, 0.5, 0.9, 0.95, 0.99, 1])
        {
            Assert.Equal(share * 100, histogram.Percentile(share)!.Value, precision: 6);
        }
    }

    [Fact]
    public void Of_the_last_bucket_only_the_lower_bound_is_known() =>
        Assert.Equal(10, new HistogramData([5, 10], [0, 0, 7]).Percentile(0.5));

    [Fact]
    public void Nothing_measured_has_no_percentile() => Assert.Null(new HistogramData([5], [0, 0]).Percentile(0.5));

    [Fact]
    public void A_count_without_buckets_has_no_percentile() => Assert.Null(new HistogramData([], [7]).Percentile(0.5));

    [Fact]
    public void Sums_and_differences_go_bucket_by_bucket()
    {
        var (a, b) = (new HistogramData([1], [5, 2]), new HistogramData([1], [3, 1]));

        Assert.Equal([8L, 3], a.Plus(b).Counts);
        Assert.Equal([2L, 1], a.Minus(b).Counts);
        Assert.Same(a, a.Minus(new HistogramData([2], [1, 1])));
    }
}
