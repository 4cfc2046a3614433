using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Extensions;

namespace MovieAspire.Api.Http;

/// <summary>
/// The position in a list after which the next page starts: sort key and id of the last row. A checksum over the position and the list's
/// scope (path, sort, filters, user) binds the cursor to that list. It catches mistakes and is no protection: a forged cursor only names
/// another position in a list that the client can read anyway.
/// </summary>
internal sealed record Cursor(string Text, long Id)
{
    private const string CursorParameter = "cursor";
    private const int ChecksumLength = 12;
    private const int IdLength = sizeof(long);

    public static Cursor After<T>(PageRow<T> row) => new(
        (row.Key as IFormattable)?.ToString(row.Key is DateOnly or DateTimeOffset ? "O" : null, CultureInfo.InvariantCulture)
            ?? (string)row.Key,
        row.Id);

    public string Encode(string scope)
    {
        var position = Position();
        return Base64Url.EncodeToString([.. Checksum(scope, position), .. position]);
    }

    /// <exception cref="InvalidRequestException">The text is not a cursor of this scope.</exception>
    public static Cursor Decode(string text, string scope, string parameter = CursorParameter)
    {
        var bytes = Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : [];
        var position = bytes.AsSpan(Math.Min(ChecksumLength, bytes.Length));
        if (position.Length < IdLength || !Checksum(scope, position).AsSpan().SequenceEqual(bytes.AsSpan(0, ChecksumLength)))
        {
            throw Invalid(parameter);
        }

        return new(Encoding.UTF8.GetString(position[IdLength..]), BitConverter.ToInt64(position));
    }

    /// <exception cref="InvalidRequestException">The text is not a key of this type.</exception>
    public TKey Key<TKey>()
        where TKey : IParsable<TKey> =>
        TKey.TryParse(Text, CultureInfo.InvariantCulture, out var key) && key is not DateTimeOffset { Offset.Ticks: not 0 }
            ? key
            : throw Invalid(CursorParameter);

    private static InvalidRequestException Invalid(string parameter) => new(
        parameter,
        $"The {parameter} is damaged or belongs to a list with another sort or other filters. Start again without it.",
        ProblemCodes.InvalidCursor);

    private byte[] Position() => [.. BitConverter.GetBytes(Id), .. Encoding.UTF8.GetBytes(Text)];

    private static byte[] Checksum(string scope, ReadOnlySpan<byte> position) =>
        SHA256.HashData([.. Encoding.UTF8.GetBytes(scope), 0, .. position])[..ChecksumLength];
}

/// <summary>The list that a cursor is bound to, and the link to the page that it starts.</summary>
internal static class PageScope
{
    /// <summary>Parameters that can change from page to page.</summary>
    private static readonly string[] Unbound = ["cursor", "limit", "includeTotal", "sort"];

    /// <summary>
    /// Path, sort, filters and user as one text. It contains the effective sort, so that the default and its explicit name are equal.
    /// </summary>
    public static string Create(HttpRequest request, string sort, long? userId)
    {
        var filters = request.Query
            .Where(parameter => !Unbound.Contains(parameter.Key))
            .SelectMany(
                parameter => parameter.Value,
                (parameter, value) => $"{Uri.EscapeDataString(parameter.Key)}={Uri.EscapeDataString(value ?? "")}")
            .Order(StringComparer.Ordinal);
        return $"{request.Path.Value?.ToUpperInvariant()}|{sort}|{userId}|{string.Join('&', filters)}";
    }

    /// <summary>A <c>Link</c> header (RFC 8288). The address is relative, because the host may be a proxy's.</summary>
    public static string LinkToNext(HttpRequest request, string cursor)
    {
        var query = new QueryBuilder(request.Query.Where(parameter => parameter.Key != "cursor")) { { "cursor", cursor } };
        return $"<{request.PathBase.ToUriComponent()}{request.Path.ToUriComponent()}{query}>; rel=\"next\"";
    }
}
