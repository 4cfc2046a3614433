using System.Buffers.Binary;
using System.Globalization;

namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>The 8 bytes that name a span within its trace.</summary>
public readonly record struct SpanId(ulong Value)
{
    /// <summary>All zeros: no span.</summary>
    public bool IsEmpty => Value == 0;

    /// <summary>Reads 8 bytes in network order; other lengths are no span id.</summary>
    public static SpanId Read(ReadOnlySpan<byte> bytes) =>
        bytes.Length == 8 ? new SpanId(BinaryPrimitives.ReadUInt64BigEndian(bytes)) : default;

    /// <summary>Reads 16 hexadecimal digits; anything else is no span id.</summary>
    public static SpanId Parse(ReadOnlySpan<char> hex) =>
        hex.Length == 16 && ulong.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? new SpanId(value)
            : default;

    /// <inheritdoc/>
    public override string ToString() => $"{Value:x16}";
}
