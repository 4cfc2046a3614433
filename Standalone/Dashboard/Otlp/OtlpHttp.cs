using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Otlp;

/// <summary>OTLP over HTTP/1.1: <c>POST /v1/traces</c>, <c>/v1/logs</c> and <c>/v1/metrics</c>, in protobuf or JSON, plain or gzipped.</summary>
internal static class OtlpHttp
{
    private const string Protobuf = "application/x-protobuf";
    private const string Json = "application/json";

    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = 64 };

    public static async Task HandleAsync(HttpContext context, OtlpSignal signal, TelemetryStore store)
    {
        var request = context.Request;
        var type = request.ContentType?.Split(';')[0].Trim().ToLowerInvariant();
        if (type is not (Protobuf or Json))
        {
            await RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, OtlpStatus.InvalidArgument, $"Send {Protobuf} or {Json}.");
            return;
        }

        var encoding = request.Headers.ContentEncoding.ToString();
        if (encoding is not ("" or "identity" or "gzip"))
        {
            await RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, OtlpStatus.InvalidArgument, "The only compression taken is gzip.");
            return;
        }

        try
        {
            await using var stream = encoding == "gzip" ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body;
            using var body = await RequestBody.ReadAsync(stream, context.RequestAborted);
            Store(type, body.Memory, signal, store);
        }
        catch (BodyTooLongException exception)
        {
            await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, OtlpStatus.ResourceExhausted, exception.Message);
            return;
        }
        catch (Exception exception) when (IsMalformed(exception))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, OtlpStatus.InvalidArgument, exception.Message);
            return;
        }

        // The empty message in either encoding: everything was taken.
        context.Response.ContentType = type;
        await context.Response.WriteAsync(type == Json ? "{}" : "");
    }

    /// <summary>Answers with a <c>google.rpc.Status</c> in the request's own encoding, as the specification wants it.</summary>
    public static async Task RefuseAsync(HttpContext context, int httpStatus, OtlpStatus status, string message)
    {
        context.Response.StatusCode = httpStatus;
        if (context.Request.ContentType?.StartsWith(Protobuf, StringComparison.OrdinalIgnoreCase) == true)
        {
            context.Response.ContentType = Protobuf;
            await context.Response.Body.WriteAsync(StatusMessage(status, message));
        }
        else
        {
            context.Response.ContentType = Json;
            await context.Response.WriteAsync(JsonSerializer.Serialize(new { code = (int)status, message }));
        }
    }

    // GetString throws InvalidOperationException for an escaped half of a surrogate pair, GZipStream InvalidDataException.
    private static bool IsMalformed(Exception exception) =>
        exception is MalformedOtlpException or JsonException or InvalidDataException or InvalidOperationException;

    private static void Store(string type, ReadOnlyMemory<byte> body, OtlpSignal signal, TelemetryStore store)
    {
        if (type == Protobuf)
        {
            signal.StoreProtobuf(body.Span, store);
            return;
        }

        using var document = JsonDocument.Parse(body, JsonOptions);
        signal.StoreJson(document.RootElement, store);
    }

    // Field 1 is the code, field 2 the message, which is cut to a length that fits one byte.
    private static byte[] StatusMessage(OtlpStatus status, string message)
    {
        var text = Encoding.UTF8.GetBytes(message).AsSpan();
        text = text[..Math.Min(text.Length, 127)];
        return [0x08, (byte)status, 0x12, (byte)text.Length, .. text];
    }
}
