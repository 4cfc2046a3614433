using MovieAspire.Standalone.Dashboard.Pages.Traces;
using MovieAspire.Standalone.Dashboard.Telemetry;
using static MovieAspire.Standalone.Dashboard.Tests.Telemetry.TraceStoreTests;

namespace MovieAspire.Standalone.Dashboard.Tests.Pages;

public sealed class WaterfallTests
{
    [Fact]
    public void Children_stand_below_their_parents_by_start()
    {
        var waterfall = new Waterfall([Span(1, 3, parent: 1, start: 50, end: 60), Span(1, 2, parent: 1, start: 10, end: 20), Span(1, 4, parent: 2, start: 12, end: 15), Span(1, 1, start: 0, end: 100)]);

        Assert.Equal([(1UL, 0), (2, 1), (4, 2), (3, 1)], waterfall.Rows.Select(row => (row.Span.Id.Value, row.Depth)));
    }

    [Fact]
    public void Own_time_leaves_out_what_children_took_even_where_they_overlap()
    {
        var waterfall = new Waterfall([Span(1, 1, start: 0, end: 100), Span(1, 2, parent: 1, start: 10, end: 40), Span(1, 3, parent: 1, start: 30, end: 60), Span(1, 4, parent: 1, start: 90, end: 120)]);

        Assert.Equal(100 - 50 - 10, waterfall.Rows[0].Self);
        Assert.Equal(1UL, waterfall.Slowest!.Span.Id.Value);
    }

    [Fact]
    public void Spans_whose_parent_is_missing_are_roots() =>
        Assert.Equal([0, 0], new Waterfall([Span(1, 1), Span(1, 2, parent: 77)]).Rows.Select(row => row.Depth));

    [Fact]
    public void A_circle_of_parents_is_shown_once() =>
        Assert.Equal(2, new Waterfall([Span(1, 1, parent: 2), Span(1, 2, parent: 1)]).Rows.Count);

    [Fact]
    public void The_innermost_failure_is_the_one_to_look_at()
    {
        var waterfall = new Waterfall([Span(1, 1, status: SpanStatus.Error), Span(1, 2, parent: 1, status: SpanStatus.Error), Span(1, 3, parent: 2), Span(1, 4, parent: 3)]);

        Assert.Equal(2UL, waterfall.Failed!.Span.Id.Value);
    }

    [Fact]
    public void A_chain_of_any_depth_is_walked()
    {
        var spans = Enumerable.Range(1, 50_000).Select(i => Span(1, (ulong)i, parent: (ulong)(i - 1))).ToList();

        Assert.Equal(49_999, new Waterfall(spans).Rows[^1].Depth);
    }
}
