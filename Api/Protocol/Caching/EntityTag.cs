using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;

namespace MovieAspire.Api.Protocol.Caching;

/// <summary>
/// Strong entity tags (RFC 9110, 8.8.3): a digest of the JSON, and before it, for what people edit, the version.
/// The whole tag tells a reader whether anything changed. A writer's <c>If-Match</c> looks at the version alone, so that somebody's
/// vote in between, which changes a film's averages but not its facts, does not refuse an editor.
/// </summary>
internal static class EntityTag
{
    private const int DigestLength = 16;

    public static string Of(ReadOnlySpan<byte> json, object value)
    {
        var digest = Base64Url.EncodeToString(SHA256.HashData(json).AsSpan(0, DigestLength));
        return value is IVersioned versioned ? $"\"{versioned.Version}.{digest}\"" : $"\"{digest}\"";
    }

    /// <summary>The version in a tag that <see cref="Of"/> made, or null.</summary>
    public static int? VersionIn(string tag) =>
        tag.Trim('"').Split('.') is [var version, _] && int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
