using System.Net;
using System.Text;
using MovieAspire.Standalone.Dashboard.Tests.Support;
using static MovieAspire.Standalone.Dashboard.Tests.Support.OtlpRequests;
using static MovieAspire.Standalone.Dashboard.Tests.Support.Proto;

namespace MovieAspire.Standalone.Dashboard.Tests.Otlp;

/// <summary>Whatever a sender sends, it is told what was wrong, nothing of it is kept, and the next sender is served.</summary>
public sealed class HostileInputTests
{
    private static readonly Dictionary<string, byte[]> Malformed = new()
    {
        ["a length beyond the end"] = Bytes(1, 1, 2, 3)[..^1],
        ["a number without an end"] = [.. Enumerable.Repeat((byte)0xff, 20)],
        ["field 0"] = [0x00, 0x00],
        ["an unknown wire type"] = [0x0f],
        ["a span without ids"] = Envelope("x", Text(5, "name")),
        ["a trace id of 3 bytes"] = Envelope("x", Message(Bytes(1, 1, 2, 3), Bytes(2, 1, 2, 3, 4, 5, 6, 7, 8))),
        ["a name that is a number"] = Envelope("x", Int(5, 1)),
        ["values nested without end"] = Envelope("x", Span("s", more: Bytes(9, Message(Text(1, "k"), Bytes(2, Nested(10_000)))))),
        ["one good span, then rubbish"] = Envelope("x", Span("good"), [0xff, 0xff]),
    };

    public static TheoryData<string> MalformedNames => [.. Malformed.Keys];

    [Theory]
    [MemberData(nameof(MalformedNames))]
    public async Task Malformed_protobuf_is_refused_whole(string what)
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        using var response = await dashboard.Otlp.SendAsync("/v1/traces", Malformed[what]);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/x-protobuf", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(0, dashboard.Telemetry.Traces.Count);
        await dashboard.StillServesAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"resourceSpans":7}""")]
    [InlineData("""{"resourceSpans":[7]}""")]
    [InlineData("""{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"zz","spanId":"1"}]}]}]}""")]
    [InlineData("""{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","kind":"no number"}]}]}]}""")]
    [InlineData("""{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","startTimeUnixNano":-1}]}]}]}""")]
    [InlineData("""{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"\ud800"}]}]}]}""")]
    public async Task Malformed_json_is_refused_with_a_reason(string json)
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        using var response = await dashboard.Otlp.SendAsync("/v1/traces", Encoding.UTF8.GetBytes(json), "application/json");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("\"message\":", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await dashboard.StillServesAsync();
    }

    [Fact]
    public async Task A_metric_without_sense_is_refused()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        byte[][] bodies =
        [
            Envelope("x", Histogram("h", [1, 2], [1, 2, 3], Now)),
            Envelope("x", Histogram("h", [1, 2, 3], [2, 1], Now)),
            Envelope("x", Histogram("h", [1, 2], [double.NaN], Now)),
            Envelope("x", Gauge("", 1)),
        ];

        foreach (var body in bodies)
        {
            using var response = await dashboard.Otlp.SendAsync("/v1/metrics", body);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }

        Assert.Empty(dashboard.Telemetry.Metrics.Instruments);
    }

    [Fact]
    public async Task Numbers_at_the_edge_are_taken_and_shown()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        byte[] body =
        [
            .. Envelope("x", Gauge("nan", double.NaN), Gauge("infinite", double.NegativeInfinity), Gauge("huge", double.MaxValue)),
            .. Envelope("x", Histogram("full", [ulong.MaxValue, ulong.MaxValue], [1], Now), Gauge("late", 1, long.MaxValue)),
        ];

        using var response = await dashboard.Otlp.SendAsync("/v1/metrics", body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var browser = await dashboard.LogInAsync();
        foreach (var instrument in dashboard.Telemetry.Metrics.Instruments)
        {
            Assert.Contains(instrument.Name, await browser.GetStringAsync($"/metrics?resource=x&instrument={instrument.Name}"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Mutated_requests_never_bring_it_down()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        var random = new Random(20261121);
        (string Path, byte[] Body)[] seeds =
        [
            ("/v1/traces", Envelope("x", Span("s", more: Tagged(9, "db.query.text", "SELECT 1")))),
            ("/v1/logs", Envelope("x", Log("hello", 9, Tagged(6, "k", "v")))),
            ("/v1/metrics", Envelope("x", Histogram("h", [1, 2], [0.5], Now), Counter("c", 1, Now))),
        ];

        for (var i = 0; i < 1_500; i++)
        {
            var (path, seed) = seeds[i % seeds.Length];
            var body = (byte[])seed.Clone();
            for (var j = random.Next(1, 4); j > 0; j--)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            using var response = await dashboard.Otlp.SendAsync(path, body[..random.Next(1, body.Length + 1)]);
            Assert.Contains(response.StatusCode, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.BadRequest]);
        }

        using var browser = await dashboard.LogInAsync();
        foreach (var page in (string[])["/logs", "/traces", "/metrics"])
        {
            await browser.GetStringAsync(page);
        }
    }

    // Lists in lists, built from the inside.
    private static byte[] Nested(int depth)
    {
        var value = Text(1, "x");
        for (var i = 0; i < depth; i++)
        {
            value = Bytes(5, Bytes(1, value));
        }

        return value;
    }
}
