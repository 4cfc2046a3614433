using System.Buffers.Binary;
using System.Globalization;

namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>The 16 bytes that name a trace (W3C Trace Context), kept as numbers: a quarter of the memory of their hex text.</summary>
public readonly record struct TraceId(ulong High, ulong Low)
{
    /// <summary>All zeros, which the specification calls invalid: no trace.</summary>
    public bool IsEmpty => High == 0 && Low == 0;

    /// <summary>Reads 16 bytes in network order; other lengths are no trace id.</summary>
    public static TraceId Read(ReadOnlySpan<byte> bytes) => bytes.Length == 16
        ? new TraceId(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]))
        : default;

    /// <summary>Reads 32 hexadecimal digits; anything else is no trace id.</summary>
    public static TraceId Parse(ReadOnlySpan<char> hex) =>
        hex.Length == 32
        && ulong.TryParse(hex[..16], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high)
        && ulong.TryParse(hex[16..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low)
            ? new TraceId(high, low)
            : default;

    /// <inheritdoc/>
    public override string ToString() => $"{High:x16}{Low:x16}";
}
