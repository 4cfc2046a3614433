using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Otlp;

/// <summary>
/// OTLP over gRPC. Its three calls are unary, which over HTTP/2 is one length-prefixed message each way and a status in the
/// trailers (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md), so that no gRPC library is needed.
/// </summary>
internal static class OtlpGrpc
{
    private const int PrefixLength = 5;

    public static bool IsGrpc(HttpRequest request) =>
        request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;

    public static async Task HandleAsync(HttpContext context, OtlpSignal signal, TelemetryStore store)
    {
        try
        {
            using var body = await RequestBody.ReadAsync(context.Request.Body, context.RequestAborted);
            using var unpacked = await UnpackAsync(body, context);
            signal.StoreProtobuf((unpacked ?? body).Memory.Span[(unpacked is null ? PrefixLength : 0)..], store);
        }
        catch (BodyTooLongException exception)
        {
            Refuse(context, OtlpStatus.ResourceExhausted, exception.Message);
            return;
        }
        catch (Exception exception) when (exception is MalformedOtlpException or InvalidDataException)
        {
            Refuse(context, OtlpStatus.InvalidArgument, exception.Message);
            return;
        }

        context.Response.ContentType = "application/grpc";
        context.Response.DeclareTrailer("grpc-status");
        await context.Response.Body.WriteAsync(new byte[PrefixLength]);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    /// <summary>Answers without a message; then the status stands in the headers.</summary>
    public static void Refuse(HttpContext context, OtlpStatus status, string message)
    {
        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-status"] = ((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture);
        context.Response.Headers["grpc-message"] = Uri.EscapeDataString(message);
    }

    // Checks the prefix (1 byte compressed or not, 4 bytes length) and unpacks a compressed message.
    private static async Task<RequestBody?> UnpackAsync(RequestBody body, HttpContext context)
    {
        var memory = body.Memory;
        if (memory.Length < PrefixLength
            || BinaryPrimitives.ReadUInt32BigEndian(memory.Span[1..]) != memory.Length - PrefixLength)
        {
            throw new MalformedOtlpException("The call does not hold exactly one message.");
        }

        if (memory.Span[0] == 0)
        {
            return null;
        }

        if (context.Request.Headers["grpc-encoding"] != "gzip")
        {
            throw new MalformedOtlpException("The only compression taken is gzip.");
        }

        await using var stream = new GZipStream(new MemoryStream(memory[PrefixLength..].ToArray()), CompressionMode.Decompress);
        return await RequestBody.ReadAsync(stream, context.RequestAborted);
    }
}
