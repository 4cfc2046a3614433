using System.Text;

namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>
/// Gives the same string for the same UTF-8 bytes, as long as they were seen recently. Telemetry repeats its keys, names and
/// SQL texts without end. The pool has a fixed number of places and a newcomer takes its place from the string that had it,
/// so that a sender of ever new strings cannot make it grow.
/// </summary>
public sealed class StringPool
{
    /// <summary>Bytes up to which a string is pooled; SQL statements are worth it, stack traces are not.</summary>
    public const int MaxLength = 512;

    private const int Places = 8192;
    private readonly string?[] _strings = new string?[Places];

    /// <summary>The text of these bytes; bytes that are no UTF-8 become U+FFFD.</summary>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return "";
        }

        if (utf8.Length > MaxLength)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        Span<char> chars = stackalloc char[utf8.Length];
        return Get((ReadOnlySpan<char>)chars[..Encoding.UTF8.GetChars(utf8, chars)]);
    }

    /// <summary>The pooled string with these characters.</summary>
    public string Get(ReadOnlySpan<char> chars)
    {
        if (chars.Length > MaxLength)
        {
            return new string(chars);
        }

        // Races are harmless: the worst is a string that is kept twice.
        ref var place = ref _strings[string.GetHashCode(chars) & (Places - 1)];
        var pooled = place;
        return pooled is not null && chars.SequenceEqual(pooled) ? pooled : place = new string(chars);
    }
}
