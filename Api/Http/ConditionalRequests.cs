using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace MovieAspire.Api.Http;

/// <summary>Who may cache an endpoint's responses. All of them carry an ETag.</summary>
internal static class ConditionalRequestExtensions
{
    /// <summary>Any cache may store the response, and must revalidate it before each use.</summary>
    public static RouteHandlerBuilder WithPublicCaching(this RouteHandlerBuilder builder) =>
        builder.AddEndpointFilter(new ConditionalGet(ConditionalGet.Public));

    /// <summary>No cache may store the response: it is personal.</summary>
    public static RouteHandlerBuilder WithoutCaching(this RouteHandlerBuilder builder) =>
        builder.AddEndpointFilter(new ConditionalGet(ConditionalGet.Personal));
}

/// <summary>
/// Adds an ETag to successful responses, and answers 304 when the client has the same one already. Caches must revalidate public
/// responses: one that answered by itself could show a writer the state before their own write.
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
        var tag = EntityTag.Create(json, value);
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

/// <summary>
/// Strong entity tags (RFC 9110, 8.8.3): a digest of the JSON, with the version before it for resources that users edit.
/// <c>If-None-Match</c> compares the whole tag. <c>If-Match</c> compares the version only: a rating in between, which changes a movie's
/// average but not its details, does not cause a 412.
/// </summary>
internal static class EntityTag
{
    private const int DigestLength = 16;

    public static string Create(ReadOnlySpan<byte> json, object value)
    {
        var digest = Base64Url.EncodeToString(SHA256.HashData(json).AsSpan(0, DigestLength));
        return value is IVersioned versioned ? $"\"{versioned.Version}.{digest}\"" : $"\"{digest}\"";
    }

    /// <summary>The version in a tag that <see cref="Create"/> made, or null.</summary>
    public static int? VersionIn(string tag) =>
        tag.Trim('"').Split('.') is [var version, _]
        && int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}

/// <summary>A representation of something that users edit.</summary>
internal interface IVersioned
{
    /// <summary>Increases with each edit and with nothing else; what <c>If-Match</c> is compared with.</summary>
    int Version { get; }
}

/// <summary>The precondition of a write (RFC 9110, 13.1.1): the versions that it may overwrite.</summary>
internal sealed class IfMatch
{
    private IfMatch(bool isGiven, int[]? versions)
    {
        IsGiven = isGiven;
        Versions = versions;
    }

    public bool IsGiven { get; }

    /// <summary>The versions that may be overwritten, to be compared by the statement that writes; null for any.</summary>
    public int[]? Versions { get; }

    /// <summary>The response to a write without the header where it is required.</summary>
    public static ProblemHttpResult Required => ApiProblem.Create(
        StatusCodes.Status428PreconditionRequired,
        ProblemCodes.PreconditionRequired,
        "Send the ETag that you read as If-Match (or * to overwrite any version), so that no other change is lost.");

    /// <summary>The response when another version is stored by now.</summary>
    public static ProblemHttpResult Failed => ApiProblem.Create(
        StatusCodes.Status412PreconditionFailed,
        ProblemCodes.PreconditionFailed,
        "The resource has changed since you read it. Read it again and apply your change to the current version.");

    /// <exception cref="InvalidRequestException">The header is malformed.</exception>
    public static IfMatch Parse(HttpRequest request)
    {
        var header = request.Headers.IfMatch;
        if (header.Count == 0)
        {
            return new(false, null);
        }

        if (!EntityTagHeaderValue.TryParseStrictList(header, out var tags))
        {
            throw new InvalidRequestException("If-Match", "The header must be * or entity tags in double quotes.", ProblemCodes.BadRequest);
        }

        return tags.Contains(EntityTagHeaderValue.Any)
            ? new(true, null)
            : new(true, [.. tags.Where(tag => !tag.IsWeak).Select(tag => EntityTag.VersionIn(tag.Tag.ToString())).OfType<int>()]);
    }
}
