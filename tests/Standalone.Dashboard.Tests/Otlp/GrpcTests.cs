using System.Net;
using System.Net.Http.Headers;
using MovieAspire.Standalone.Dashboard.Otlp;
using MovieAspire.Standalone.Dashboard.Tests.Support;
using static MovieAspire.Standalone.Dashboard.Tests.Support.OtlpRequests;

namespace MovieAspire.Standalone.Dashboard.Tests.Otlp;

/// <summary>gRPC's frames and statuses; that .NET's exporter is satisfied with them, <see cref="DotnetSenderTests"/> shows.</summary>
public sealed class GrpcTests
{
    private const string Traces = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

    private static readonly Dictionary<string, (Func<byte[]> Body, string Status)> Frames = new()
    {
        ["a good call"] = (() => Frame(Envelope("x", Span("s"))), "0"),
        ["nothing"] = (() => [], "3"),
        ["a length that is wrong"] = (() => [0, 0, 0, 0, 9, 1], "3"),
        ["a message that is wrong"] = (() => Frame([0xff]), "3"),
        ["compressed with an unknown method"] = (() => [1, .. Frame([1, 2])[1..]], "3"),
        ["too long"] = (() => Frame(new byte[RequestBody.MaxLength]), "8"),
    };

    public static TheoryData<string> FrameNames => [.. Frames.Keys];

    [Theory]
    [MemberData(nameof(FrameNames))]
    public async Task A_call_is_answered_with_its_status(string what)
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        Assert.Equal(Frames[what].Status, await CallAsync(dashboard, Traces, Frames[what].Body(), dashboard.Server.Options.OtlpApiKey));
        Assert.Equal("0", await CallAsync(dashboard, Traces, Frame(Envelope("x", Span("s"))), dashboard.Server.Options.OtlpApiKey));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    public async Task Without_the_key_a_call_is_unauthenticated(string? key)
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        Assert.Equal("16", await CallAsync(dashboard, Traces, Frame(Envelope("x", Span("s"))), key));
        Assert.Equal(0, dashboard.Telemetry.Traces.Count);
    }

    [Fact]
    public async Task An_unknown_service_is_unimplemented()
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        Assert.Equal("12", await CallAsync(dashboard, "/some.Other/Call", Frame([]), dashboard.Server.Options.OtlpApiKey));
    }

    private static byte[] Frame(byte[] message) =>
        [0, (byte)(message.Length >> 24), (byte)(message.Length >> 16), (byte)(message.Length >> 8), (byte)message.Length, .. message];

    private static async Task<string> CallAsync(RunningDashboard dashboard, string path, byte[] body, string? key)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(dashboard.Server.Options.OtlpGrpcUrl, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        if (key is not null)
        {
            request.Headers.Add(OtlpReceiver.ApiKeyHeader, key);
        }

        using var response = await client.SendAsync(request);
        await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (response.TrailingHeaders.TryGetValues("grpc-status", out var values) ? values : response.Headers.GetValues("grpc-status")).Single();
    }
}
