using System.Net.Http.Headers;
using MovieAspire.Standalone.Dashboard.Telemetry;
using static MovieAspire.Standalone.Dashboard.Tests.Support.Proto;

namespace MovieAspire.Standalone.Dashboard.Tests.Support;

/// <summary>Whole OTLP requests in protobuf.</summary>
internal static class OtlpRequests
{
    public static long Now => UnixTime.From(DateTimeOffset.UtcNow);

    public static byte[] Envelope(string service, params byte[][] items) => Bytes(1, Message(
        Bytes(1, Tagged(1, "service.name", service)),
        Bytes(2, Message([Bytes(1, Text(1, "a.scope")), .. items.Select(item => Bytes(2, item))]))));

    public static byte[] Span(string name, ulong traceId = 1, ulong spanId = 1, ulong parentId = 0, long? start = null, long milliseconds = 5, params byte[][] more) => Message(
    [
        Bytes(1, [.. new byte[8], .. BigEndian(traceId)]),
        Bytes(2, BigEndian(spanId)),
        Bytes(4, parentId == 0 ? [] : BigEndian(parentId)),
        Text(5, name),
        Int(6, 2),
        Fixed64(7, (ulong)(start ?? Now)),
        Fixed64(8, (ulong)((start ?? Now) + milliseconds * 1_000_000)),
        .. more,
    ]);

    public static byte[] Log(string message, int severity = 9, params byte[][] more) => Message(
        [Fixed64(1, (ulong)Now), Int(2, severity), Bytes(5, Text(1, message)), .. more]);

    public static byte[] Gauge(string name, double value, long? time = null) => Message(
        Text(1, name), Bytes(5, Bytes(1, Message(Fixed64(3, (ulong)(time ?? Now)), Double(4, value)))));

    public static byte[] Counter(string name, double value, long time, bool isDelta = false) => Message(
        Text(1, name), Bytes(7, Message(Int(2, isDelta ? 1 : 2), Int(3, 1), Bytes(1, Message(Fixed64(3, (ulong)time), Double(4, value))))));

    public static byte[] Histogram(string name, ulong[] counts, double[] bounds, long time, params byte[][] more) => Message(
        Text(1, name), Text(3, "s"), Bytes(9, Message(Int(2, 2), Bytes(1, Message(
        [
            Fixed64(3, (ulong)time),
            Packed(6, counts),
            Packed(7, [.. bounds.Select(BitConverter.DoubleToUInt64Bits)]),
            .. more,
        ])))));

    public static Task<HttpResponseMessage> SendAsync(this HttpClient client, string path, byte[] body, string type = "application/x-protobuf", string? encoding = null)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        return client.PostAsync(path, content);
    }

    private static byte[] BigEndian(ulong value) => [.. BitConverter.GetBytes(value).Reverse()];
}
