using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace MovieAspire.Api.Protocol.Caching;

/// <summary>
/// Tags successful answers, and answers 304 when the client has the same already. A public answer may be stored but must be checked
/// before each use: a cache that answered by itself could show a writer the state before their own write.
/// </summary>
internal sealed class ConditionalGet(string cacheControl) : IEndpointFilter
{
    public const string Public = "public, no-cache";
    public const string Personal = "no-store";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var result = await next(context);
        var http = context.HttpContext;
        http.Response.Headers.CacheControl = cacheControl;
        if (Innermost(result) is not IValueHttpResult { Value: { } value } success
            || success is not IStatusCodeHttpResult { StatusCode: StatusCodes.Status200OK or StatusCodes.Status201Created } status)
        {
            return result;
        }

        var options = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var json = JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), options);
        var tag = EntityTag.Of(json, value);
        http.Response.Headers.ETag = tag;
        if (status.StatusCode != StatusCodes.Status200OK)
        {
            return result;
        }

        return HttpMethods.IsGet(http.Request.Method) && Matches(http.Request, tag)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Bytes(json, "application/json; charset=utf-8");
    }

    private static object? Innermost(object? result) => result is INestedHttpResult nested ? Innermost(nested.Result) : result;

    private static bool Matches(HttpRequest request, string tag)
    {
        var known = request.GetTypedHeaders().IfNoneMatch;
        return known.Any(candidate => candidate == EntityTagHeaderValue.Any || candidate.Tag == tag);
    }
}
