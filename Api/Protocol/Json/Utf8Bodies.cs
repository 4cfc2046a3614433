using System.Text;
using Microsoft.Net.Http.Headers;

namespace MovieAspire.Api.Protocol.Json;

/// <summary>Refuses bodies in another encoding than UTF-8, which JSON is in (RFC 8259, 8.1); the framework would fail on names that it does not know.</summary>
internal sealed class Utf8Bodies(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) =>
        MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) && type.Charset.HasValue && !IsUtf8(type)
            ? TypedResults.Problem(statusCode: StatusCodes.Status415UnsupportedMediaType, detail: "Bodies must be in UTF-8.").ExecuteAsync(context)
            : next(context);

    private static bool IsUtf8(MediaTypeHeaderValue type) =>
        HeaderUtilities.RemoveQuotes(type.Charset).Equals(Encoding.UTF8.WebName, StringComparison.OrdinalIgnoreCase);
}
