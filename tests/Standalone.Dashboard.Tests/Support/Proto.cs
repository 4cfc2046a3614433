using System.Buffers.Binary;
using System.Text;

namespace MovieAspire.Standalone.Dashboard.Tests.Support;

/// <summary>Writes Protocol Buffers by hand, right or wrong: the exporters of the SDKs only write right ones.</summary>
internal static class Proto
{
    public static byte[] Message(params byte[][] fields) => [.. fields.SelectMany(field => field)];

    public static byte[] Bytes(int field, params byte[] value) => [.. Tag(field, 2), .. Varint((ulong)value.Length), .. value];

    public static byte[] Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public static byte[] Int(int field, long value) => [.. Tag(field, 0), .. Varint((ulong)value)];

    public static byte[] Fixed64(int field, ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return [.. Tag(field, 1), .. bytes];
    }

    public static byte[] Double(int field, double value) => Fixed64(field, BitConverter.DoubleToUInt64Bits(value));

    public static byte[] Packed(int field, params ulong[] values) => Bytes(field, [.. values.SelectMany(BitConverter.GetBytes)]);

    /// <summary>A KeyValue with a string.</summary>
    public static byte[] Tagged(int field, string key, string value) => Bytes(field, Message(Text(1, key), Bytes(2, Text(1, value))));

    private static byte[] Tag(int field, int type) => Varint((ulong)(field << 3 | type));

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }
}
