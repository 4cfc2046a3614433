using System.Buffers.Text;
using System.Globalization;
using System.IO.Hashing;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using MovieAspire.Api.Caching;

namespace MovieAspire.Api.Http;

/// <summary>Declares who may cache an endpoint's responses. All of them carry an ETag.</summary>
internal static class ConditionalRequestExtensions
{
    /// <summary>Any cache may store the response, and must revalidate it before each use.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="scope">What the response depends on, if the API's own cache may store it.</param>
    public static RouteHandlerBuilder WithPublicCaching(this RouteHandlerBuilder builder, CacheScope? scope = null)
    {
        builder.AddEndpointFilter(new ConditionalGet(ConditionalGet.Public)).WithMetadata(new TaggedMetadata());
        return scope is { } cached
            ? builder.WithMetadata(new CacheMetadata(cached)).AddEndpointFilter<RouteHandlerBuilder, StandbyFilter>()
            : builder;
    }

    /// <summary>No cache may store the response: it is personal.</summary>
    public static RouteHandlerBuilder WithoutCaching(this RouteHandlerBuilder builder) =>
        builder.AddEndpointFilter(new ConditionalGet(ConditionalGet.Personal)).WithMetadata(new TaggedMetadata());
}

/// <summary>Marks an endpoint whose responses carry an ETag.</summary>
internal sealed record TaggedMetadata;

/// <summary>
/// Adds an ETag to successful responses, and answers 304 if the client already has it. Caches must revalidate public responses, since
/// otherwise they could show users the state before their own write.
/// </summary>
internal sealed class ConditionalGet(string cacheControl) : IEndpointFilter
{
    public const string Public = "public, no-cache";
    public const string Personal = "no-store";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        object? result = null;
        Representation? representation;
        if (http.GetEndpoint()?.Metadata.GetMetadata<CacheMetadata>() is { Scope: var scope }
            && http.RequestServices.GetRequiredService<ResponseCache>() is var cache
            && cache.GetKey(http, scope) is { } key)
        {
            representation = await cache.GetOrReadAsync(key, ReadAsync, http.RequestAborted);
        }
        else
        {
            representation = await ReadAsync();
        }

        http.Response.Headers.CacheControl = cacheControl;
        if (representation is null)
        {
            return result;
        }

        var response = Respond(http, representation);
        return result is IStatusCodeHttpResult { StatusCode: StatusCodes.Status201Created } ? result : response;

        async ValueTask<Representation?> ReadAsync()
        {
            result = Innermost(await next(context));
            return result is IValueHttpResult { Value: { } value }
                && result is IStatusCodeHttpResult { StatusCode: StatusCodes.Status200OK or StatusCodes.Status201Created }
                ? Represent(value, http)
                : null;
        }
    }

    /// <summary>The response with its tag: 200, 304 where the client has it, or 412 where it wants another one.</summary>
    public static IResult Respond(HttpContext http, Representation representation)
    {
        var headers = http.Response.Headers;
        headers.ETag = representation.Tag;
        headers.Link = representation.Link;
        if (HttpMethods.IsGet(http.Request.Method))
        {
            if (IfMatch.Parse(http.Request).Tags is { } tags
                && !tags.Any(wanted => EntityTag.WithoutEncoding(wanted).SequenceEqual(representation.Tag)))
            {
                headers.Remove(HeaderNames.ETag);
                headers.Remove(HeaderNames.Link);
                return IfMatch.Failed;
            }

            if (Known(http.Request, representation.Tag) is { } known)
            {
                headers.ETag = known;
                // Of the headers of the 200, those that tell a cache which one it has (RFC 9110, 15.4.5).
                headers.Remove(HeaderNames.Link);
                return TypedResults.StatusCode(StatusCodes.Status304NotModified);
            }
        }

        return TypedResults.Bytes(representation.Json, "application/json; charset=utf-8");
    }

    private static Representation Represent(object value, HttpContext http)
    {
        var options = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var json = JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), options);
        return new(json, EntityTag.Create(json, value), http.Response.Headers.Link);
    }

    private static object? Innermost(object? result) => result is INestedHttpResult nested ? Innermost(nested.Result) : result;

    /// <summary>
    /// The tag in If-None-Match that matches this representation, compressed or not; null if none does. The 304 must repeat the tag as the
    /// client sent it: a cache looks up its stored response by it, and treats a strong tag as different from the one that a proxy weakened
    /// (RFC 9111, 4.3.4).
    /// </summary>
    private static string? Known(HttpRequest request, string tag)
    {
        var match = request.GetTypedHeaders().IfNoneMatch
            .FirstOrDefault(candidate => candidate == EntityTagHeaderValue.Any || EntityTag.WithoutEncoding(candidate.Tag.AsSpan()).SequenceEqual(tag));
        return match == EntityTagHeaderValue.Any ? tag : match?.ToString();
    }
}

/// <summary>
/// Strong entity tags (RFC 9110, 8.8.3): a digest of the JSON, with the version before it for resources that users edit, and with the
/// encoding after it where the response is compressed, which makes it another representation. <c>If-None-Match</c> compares version and
/// digest. <c>If-Match</c> compares the version only: a rating in between, which changes a movie's average but not its details, does not
/// cause a 412, and neither does the weak tag that a proxy makes of ours when it compresses the response itself.
/// </summary>
internal static class EntityTag
{
    // The digest is in base64url, which does not contain this character.
    private const char EncodingSeparator = '~';

    public static string Create(ReadOnlySpan<byte> json, object value)
    {
        // A cryptographic digest would take a tenth of the time of a page.
        var digest = Base64Url.EncodeToString(XxHash128.Hash(json));
        return value is IVersioned versioned ? $"\"{versioned.Version}.{digest}\"" : $"\"{digest}\"";
    }

    /// <summary>Adds its encoding to the tag of a response that has one.</summary>
    /// <param name="response">An <see cref="HttpResponse"/> whose headers are about to be sent.</param>
    public static Task MarkEncodingAsync(object response)
    {
        var headers = ((HttpResponse)response).Headers;
        if (headers.ContentEncoding is [{ Length: > 0 } encoding] && headers.ETag is [{ } tag] && tag.EndsWith('"'))
        {
            headers.ETag = $"{tag.AsSpan(..^1)}{EncodingSeparator}{encoding}\"";
        }

        return Task.CompletedTask;
    }

    /// <summary>The tag of the same response without compression.</summary>
    public static ReadOnlySpan<char> WithoutEncoding(ReadOnlySpan<char> tag) =>
        tag.LastIndexOf(EncodingSeparator) is > 0 and var end ? $"{tag[..end]}\"" : tag;

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

/// <summary>The precondition of a write (RFC 9110, 13.1.1 and 13.1.2): the versions that it may overwrite.</summary>
internal sealed class IfMatch
{
    /// <summary>The tags of the header; null for any.</summary>
    public string[]? Tags { get; private init; }

    /// <summary>The versions that may be overwritten; null for any.</summary>
    public int[]? Versions { get; private init; }

    /// <summary>The versions that may not, from If-None-Match.</summary>
    public int[] OtherThan { get; private init; } = [];

    /// <summary>Whether the client sent a precondition.</summary>
    public bool IsGiven { get; private init; }

    /// <summary>The response if the header is required and missing.</summary>
    public static ProblemHttpResult Required => ApiProblem.Create(
        StatusCodes.Status428PreconditionRequired,
        ProblemCodes.PreconditionRequired,
        "Send the ETag that you read as If-Match (or * to overwrite any version), so that no other change is lost.");

    /// <summary>The response if the stored version is another one.</summary>
    public static ProblemHttpResult Failed => ApiProblem.Create(
        StatusCodes.Status412PreconditionFailed,
        ProblemCodes.PreconditionFailed,
        "The resource has changed since you read it. Read it again and apply your change to the current version.");

    public bool Allows(int version) => Versions?.Contains(version) != false && !OtherThan.Contains(version);

    /// <exception cref="InvalidRequestException">A header is malformed.</exception>
    public static IfMatch Parse(HttpRequest request)
    {
        var isGet = HttpMethods.IsGet(request.Method);
        var tags = ParseTags(request.Headers.IfMatch, HeaderNames.IfMatch);

        // With GET, If-None-Match asks for a 304, and a malformed header is ignored.
        var others = isGet ? null : ParseTags(request.Headers.IfNoneMatch, HeaderNames.IfNoneMatch);
        var isNone = others?.Contains(EntityTagHeaderValue.Any) == true;
        var isAny = tags is null || tags.Contains(EntityTagHeaderValue.Any);
        return new()
        {
            IsGiven = tags is not null || isNone,
            Tags = isAny ? null : [.. tags!.Select(tag => tag.Tag.ToString())],
            // If-None-Match: * allows no existing version.
            Versions = isNone ? [] : isAny ? null : VersionsIn(tags!),
            OtherThan = others is null ? [] : VersionsIn(others),
        };
    }

    private static IList<EntityTagHeaderValue>? ParseTags(StringValues header, string name) =>
        header.Count == 0 ? null
        : EntityTagHeaderValue.TryParseStrictList(header, out var tags) ? tags
        : throw new InvalidRequestException(name, "The header must be * or entity tags in double quotes.", ProblemCodes.BadRequest);

    private static int[] VersionsIn(IEnumerable<EntityTagHeaderValue> tags) =>
        [.. tags.Select(tag => EntityTag.VersionIn(tag.Tag.ToString())).OfType<int>()];
}
