using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace MovieAspire.Api.Http;

/// <summary>
/// Refuses bodies without a Content-Type, which endpoints that read the body themselves would accept, charsets other than UTF-8 (RFC 8259,
/// 8.1), on whose unknown names the framework fails, and unknown Content-Encodings, whose bodies it would read as they are.
/// </summary>
internal sealed class ContentTypeMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        BodyErrors.KeepBody(context);
        return context switch
        {
            _ when IsMissing(context) => Refuse(context, "The body needs a Content-Type."),
            _ when IsOtherEncoding(context.Request) => Refuse(context, "The body must be in UTF-8."),
            _ when IsPacked(context.Request) => RefusePacked(context),
            _ => next(context),
        };
    }

    private static bool IsMissing(HttpContext context) =>
        string.IsNullOrEmpty(context.Request.ContentType)
        && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true
        && context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is not null;

    private static bool IsOtherEncoding(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.Charset.HasValue)
        {
            return false;
        }

        var charset = HeaderUtilities.RemoveQuotes(type.Charset);
        if (!charset.Equals(Encoding.UTF8.WebName, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        // The framework takes the quotes, with which it is the same (RFC 9110, 5.6.6), for a part of the name.
        if (charset.Length != type.Charset.Length)
        {
            type.Charset = charset;
            request.ContentType = type.ToString();
        }

        return false;
    }

    // The framework has removed the header for encodings that it knows.
    private static bool IsPacked(HttpRequest request) =>
        request.Headers.GetCommaSeparatedValues(HeaderNames.ContentEncoding)
            .Any(encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase));

    private static Task RefusePacked(HttpContext context)
    {
        context.Response.Headers.AcceptEncoding = "gzip, br, deflate";
        return Refuse(context, "The body may have one Content-Encoding of those that Accept-Encoding lists, or none.");
    }

    private static Task Refuse(HttpContext context, string detail) =>
        ApiProblem.Create(StatusCodes.Status415UnsupportedMediaType, ProblemCodes.UnsupportedMediaType, detail).ExecuteAsync(context);
}
