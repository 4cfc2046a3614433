using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using MovieAspire.Api.Protocol.Problems;

namespace MovieAspire.Api.Protocol.Paging;

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
