using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Extensions;

namespace MovieAspire.Api.Http;

/// <summary>
/// The place in a list after which the next page starts: the sort key and the id of the last row seen. A checksum over
/// the place and the list's scope (address, sort, filters, reader) binds it to them. It keeps mistakes out, not secrets in:
/// a forged cursor would only name another place in what its maker may read anyway.
/// </summary>
internal sealed record Cursor(string Key, long Id)
{
    private const int ChecksumLength = 12;
    private const int IdLength = sizeof(long);

    public string Encode(string scope)
    {
        var place = Place();
        return Base64Url.EncodeToString([.. Checksum(scope, place), .. place]);
    }

    /// <exception cref="InvalidRequestException">The text is no cursor of this scope.</exception>
    public static Cursor Decode(string text, string scope)
    {
        var bytes = Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : [];
        var place = bytes.AsSpan(Math.Min(ChecksumLength, bytes.Length));
        if (place.Length < IdLength || !Checksum(scope, place).AsSpan().SequenceEqual(bytes.AsSpan(0, ChecksumLength)))
        {
            throw new InvalidRequestException(
                "cursor",
                "The cursor is damaged, or comes from a list with another sort or other filters. Start again without it.",
                ProblemCodes.InvalidCursor);
        }

        return new(Encoding.UTF8.GetString(place[IdLength..]), BitConverter.ToInt64(place));
    }

    private byte[] Place() => [.. BitConverter.GetBytes(Id), .. Encoding.UTF8.GetBytes(Key)];

    private static byte[] Checksum(string scope, ReadOnlySpan<byte> place) =>
        SHA256.HashData([.. Encoding.UTF8.GetBytes(scope), 0, .. place])[..ChecksumLength];
}

/// <summary>What a cursor is bound to, and the address of the page that it leads to.</summary>
internal static class PageScope
{
    /// <summary>Parameters that may change from page to page.</summary>
    private static readonly string[] Free = ["cursor", "limit", "includeTotal", "sort"];

    /// <summary>
    /// The list's address, sort, filters and reader as one text. The sort is the one in effect, so that asking for the
    /// default by name makes no difference.
    /// </summary>
    public static string Of(HttpRequest request, string sort, long? reader)
    {
        var filters = request.Query
            .Where(parameter => !Free.Contains(parameter.Key))
            .SelectMany(parameter => parameter.Value, (parameter, value) => $"{Uri.EscapeDataString(parameter.Key)}={Uri.EscapeDataString(value ?? "")}")
            .Order(StringComparer.Ordinal);
        return $"{request.Path.Value?.ToUpperInvariant()}|{sort}|{reader}|{string.Join('&', filters)}";
    }

    /// <summary>A <c>Link</c> header (RFC 8288), relative to the host since that may be a proxy's.</summary>
    public static string LinkToNext(HttpRequest request, string cursor)
    {
        var query = new QueryBuilder(request.Query.Where(parameter => parameter.Key != "cursor")) { { "cursor", cursor } };
        return $"<{request.PathBase.ToUriComponent()}{request.Path.ToUriComponent()}{query}>; rel=\"next\"";
    }
}
