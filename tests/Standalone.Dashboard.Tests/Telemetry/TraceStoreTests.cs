using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Tests.Telemetry;

public sealed class TraceStoreTests
{
    private static readonly TelemetryResource Api = new("api", "1", []);
    private static readonly TelemetryResource Worker = new("worker", "1", []);

    [Fact]
    public void Spans_of_several_services_make_one_trace_named_after_its_root()
    {
        var store = new TraceStore(new TelemetryLimits());

        store.Add(Worker, [Span(1, 2, parent: 1, start: 10, end: 30, name: "work")]);
        store.Add(Api, [Span(1, 1, start: 5, end: 50, name: "GET /", status: SpanStatus.Error)]);

        var trace = Assert.Single(store.Find(new TraceQuery()).Page);
        Assert.Equal(("GET /", "api", 5L, 45L, 2, 1), (trace.Name, trace.Resource, trace.Start, trace.Duration, trace.Spans, trace.Errors));
        Assert.Equal([new SpanCount("worker", 1), new SpanCount("api", 1)], trace.Resources);
    }

    [Fact]
    public void The_oldest_traces_of_a_resource_go_first()
    {
        var store = new TraceStore(new TelemetryLimits { Traces = 3 });

        store.Add(Worker, [Span(100, 1)]);
        store.Add(Api, [.. Enumerable.Range(1, 5).Select(i => Span((ulong)i, 1))]);

        Assert.Equal([5UL, 4, 3, 100], store.Find(new TraceQuery()).Page.Select(trace => trace.Id.Low));
        Assert.Null(store.Get(new TraceId(0, 1)));
    }

    [Fact]
    public void The_latest_started_stands_first_whatever_came_in_first()
    {
        var store = new TraceStore(new TelemetryLimits());

        store.Add(Api, [Span(1, 1, start: 30, end: 31), Span(2, 1, start: 10, end: 90), Span(3, 1, start: 20, end: 21)]);

        Assert.Equal([1UL, 3, 2], store.Find(new TraceQuery()).Page.Select(trace => trace.Id.Low));
    }

    [Fact]
    public void Spans_beyond_a_traces_limit_are_counted()
    {
        var store = new TraceStore(new TelemetryLimits { SpansPerTrace = 2 });

        store.Add(Api, [.. Enumerable.Range(1, 5).Select(i => Span(1, (ulong)i))]);

        var trace = Assert.Single(store.Find(new TraceQuery()).Page);
        Assert.Equal((2, 3), (trace.Spans, trace.Dropped));
    }

    [Fact]
    public void A_repeated_span_is_kept_once()
    {
        var store = new TraceStore(new TelemetryLimits());

        store.Add(Api, [Span(1, 1), Span(1, 1)]);

        Assert.Equal(1, Assert.Single(store.Find(new TraceQuery()).Page).Spans);
    }

    [Fact]
    public void Large_spans_push_out_the_oldest_before_their_number_does()
    {
        var store = new TraceStore(new TelemetryLimits { Bytes = 1 << 20 });

        store.Add(Api, [.. Enumerable.Range(1, 1000).Select(i => Span((ulong)i, 1, tags: [new Tag("k", new string('x', 10_000))]))]);

        Assert.InRange(store.Count, 40, 60);
    }

    [Fact]
    public void Filters_work_on_their_own_and_together()
    {
        var store = new TraceStore(new TelemetryLimits());
        store.Add(Api, [Span(1, 1, end: 5_000_000, tags: [new Tag("db.query.text", "SELECT * FROM Movies")])]);
        store.Add(Api, [Span(2, 1, end: 50_000_000, status: SpanStatus.Error)]);
        store.Add(Worker, [Span(3, 1, end: 500_000_000)]);

        Assert.Equal([3UL, 2], Found(new TraceQuery { MinDuration = 10_000_000 }));
        Assert.Equal([2UL], Found(new TraceQuery { Errors = true }));
        Assert.Equal([1UL], Found(new TraceQuery { Text = "from movies" }));
        Assert.Equal([2UL], Found(new TraceQuery { Resource = "api", MinDuration = 10_000_000 }));
        Assert.Equal((1, 3), (store.Find(new TraceQuery { Limit = 1 }).Page.Count, store.Find(new TraceQuery { Limit = 1 }).Total));

        IEnumerable<ulong> Found(TraceQuery query) => store.Find(query).Page.Select(trace => trace.Id.Low);
    }

    [Fact]
    public void Cleared_it_is_empty_and_goes_on()
    {
        var store = new TraceStore(new TelemetryLimits());
        store.Add(Api, [Span(1, 1)]);

        store.Clear();
        store.Add(Api, [Span(1, 2)]);

        Assert.Equal(1, Assert.Single(store.Find(new TraceQuery()).Page).Spans);
    }

    internal static Span Span(
        ulong trace, ulong id, ulong parent = 0, long start = 0, long end = 1, string name = "span", SpanStatus status = SpanStatus.Unset, params Tag[] tags) => new()
        {
            TraceId = new TraceId(0, trace),
            Id = new SpanId(id),
            ParentId = new SpanId(parent),
            Name = name,
            Scope = "",
            Start = start,
            End = end,
            Status = status,
            Tags = tags,
        };
}
