using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace MovieAspire.Api.Http;

/// <summary>
/// Refuses bodies that do not tell their type, which operations that read them by themselves would take, and those in another encoding than UTF-8, which
/// JSON is in (RFC 8259, 8.1); the framework would fail on names that it does not know.
/// </summary>
internal sealed class ContentTypeMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) => context switch
    {
        _ when IsUntold(context) => Refuse(context, "Content-Type must tell what the body is."),
        _ when IsOfAnotherEncoding(context.Request) => Refuse(context, "Bodies must be in UTF-8."),
        _ => next(context),
    };

    private static bool IsUntold(HttpContext context) =>
        string.IsNullOrEmpty(context.Request.ContentType)
        && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true
        && context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is not null;

    private static bool IsOfAnotherEncoding(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.Charset.HasValue
        && !HeaderUtilities.RemoveQuotes(type.Charset).Equals(Encoding.UTF8.WebName, StringComparison.OrdinalIgnoreCase);

    private static Task Refuse(HttpContext context, string detail) =>
        TypedResults.Problem(statusCode: StatusCodes.Status415UnsupportedMediaType, detail: detail).ExecuteAsync(context);
}
