using System.IO.Compression;
using System.Net;
using MovieAspire.Standalone.Dashboard.Otlp;
using MovieAspire.Standalone.Dashboard.Telemetry;
using MovieAspire.Standalone.Dashboard.Tests.Support;
using static MovieAspire.Standalone.Dashboard.Tests.Support.OtlpRequests;
using static MovieAspire.Standalone.Dashboard.Tests.Support.Proto;

namespace MovieAspire.Standalone.Dashboard.Tests.Otlp;

/// <summary>What is too large, or pretends to be small.</summary>
public sealed class OversizedInputTests
{
    [Fact]
    public async Task A_compressed_bomb_is_refused_before_it_unpacks()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        var bomb = Gzip(new byte[200 << 20]);
        Assert.InRange(bomb.Length, 1, 1 << 20);

        using var response = await dashboard.Otlp.SendAsync("/v1/traces", bomb, encoding: "gzip");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        await dashboard.StillServesAsync();
    }

    [Fact]
    public async Task An_oversized_request_is_refused()
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        // The sender asks before it sends, since one that does not sees its connection closed.
        dashboard.Otlp.DefaultRequestHeaders.ExpectContinue = true;

        using var response = await dashboard.Otlp.SendAsync("/v1/logs", new byte[RequestBody.MaxLength + 1]);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        await dashboard.StillServesAsync();
    }

    [Theory]
    [InlineData("gzip", HttpStatusCode.BadRequest)]
    [InlineData("br", HttpStatusCode.UnsupportedMediaType)]
    public async Task What_is_not_compressed_as_it_says_is_refused(string encoding, HttpStatusCode expected)
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        using var response = await dashboard.Otlp.SendAsync("/v1/traces", Envelope("x", Span("s")), encoding: encoding);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task A_gzipped_request_is_taken()
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        using var response = await dashboard.Otlp.SendAsync("/v1/traces", Gzip(Envelope("x", Span("s"))), encoding: "gzip");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1, dashboard.Telemetry.Traces.Count);
    }

    [Fact]
    public async Task Long_values_and_many_attributes_are_cut_and_say_so()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        var more = Enumerable.Range(0, 500).Select(i => Tagged(9, $"k{i}", "v")).Prepend(Tagged(9, "long", new string('x', 100_000)));

        using var response = await dashboard.Otlp.SendAsync("/v1/traces", Envelope("x", Span("s", more: [.. more])));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var tags = dashboard.Telemetry.Traces.Get(new TraceId(0, 1))!.Value.Spans[0].Tags;
        Assert.Contains("100000 characters, cut here", tags[0].Value, StringComparison.Ordinal);
        Assert.Equal("373 more attributes were not kept", tags[^1].Value);
    }

    private static byte[] Gzip(byte[] data)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.SmallestSize))
        {
            gzip.Write(data);
        }

        return memory.ToArray();
    }
}
