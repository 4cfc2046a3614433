using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using MovieAspire.MigrationWorker.Bulk;

namespace MovieAspire.MigrationWorker.Fixtures.Load;

/// <summary>Encodes a JSON value in PostgreSQL's binary format.</summary>
internal static class ValueReader
{
    /// <summary>Encodes the reader's present value, or gives the reason why it is none of the type.</summary>
    public static string? Read(ref Utf8JsonReader json, FixtureType type, ArrayBufferWriter<byte> output) => type switch
    {
        FixtureType.Text => Text(ref json, output),
        FixtureType.Boolean => Boolean(ref json, output),
        FixtureType.SmallInt => Integer(ref json, output, sizeof(short)),
        FixtureType.Integer => Integer(ref json, output, sizeof(int)),
        FixtureType.BigInt => Integer(ref json, output, sizeof(long)),
        FixtureType.Numeric => Numeric(ref json, output),
        FixtureType.Date => Date(ref json, output),
        _ => Timestamp(ref json, output),
    };

    private static string? Text(ref Utf8JsonReader json, ArrayBufferWriter<byte> output)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            return "expected text in quotes";
        }

        try
        {
            var span = output.GetSpan(Math.Max(1, json.ValueSpan.Length));
            var written = json.CopyString(span);
            if (span[..written].Contains((byte)0))
            {
                return "holds the character U+0000, which PostgreSQL cannot store";
            }

            output.Advance(written);
            return null;
        }
        catch (InvalidOperationException)
        {
            return "is not valid Unicode text";
        }
    }

    private static string? Boolean(ref Utf8JsonReader json, ArrayBufferWriter<byte> output)
    {
        if (json.TokenType is not (JsonTokenType.True or JsonTokenType.False))
        {
            return "expected true or false";
        }

        output.Write([json.GetBoolean() ? (byte)1 : (byte)0]);
        return null;
    }

    private static string? Integer(ref Utf8JsonReader json, ArrayBufferWriter<byte> output, int size)
    {
        var limit = long.MaxValue >> (8 * (sizeof(long) - size));
        if (json.TokenType != JsonTokenType.Number || !json.TryGetInt64(out var value) || value > limit || value < -limit - 1)
        {
            return $"expected a whole number from {-limit - 1} to {limit}";
        }

        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        output.Write(bytes[^size..]);
        return null;
    }

    private static string? Numeric(ref Utf8JsonReader json, ArrayBufferWriter<byte> output)
    {
        if (json.TokenType != JsonTokenType.Number || !json.TryGetDecimal(out var value) || !PostgresValue.IsNumeric(value))
        {
            return "expected a number with at most four decimals";
        }

        output.Advance(PostgresValue.WriteNumeric(value, output.GetSpan(PostgresValue.MaxNumericLength)));
        return null;
    }

    private static string? Date(ref Utf8JsonReader json, ArrayBufferWriter<byte> output)
    {
        if (json.TokenType != JsonTokenType.String || json.ValueSpan.Length != "2000-01-31".Length || !json.TryGetDateTime(out var date))
        {
            return "expected a day like \"2000-01-31\"";
        }

        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(sizeof(int)), PostgresValue.Date(DateOnly.FromDateTime(date)));
        output.Advance(sizeof(int));
        return null;
    }

    private static string? Timestamp(ref Utf8JsonReader json, ArrayBufferWriter<byte> output)
    {
        long microseconds;
        if (json.TokenType == JsonTokenType.String && HasOffset(json.ValueSpan) && json.TryGetDateTimeOffset(out var time))
        {
            microseconds = PostgresValue.Timestamp(time);
        }
        else if (json.TokenType == JsonTokenType.String && json.ValueTextEquals("infinity"u8))
        {
            microseconds = PostgresValue.Infinity;
        }
        else if (json.TokenType == JsonTokenType.String && json.ValueTextEquals("-infinity"u8))
        {
            microseconds = PostgresValue.NegativeInfinity;
        }
        else
        {
            return "expected a time like \"2000-01-31T23:59:59.123456Z\"";
        }

        BinaryPrimitives.WriteInt64BigEndian(output.GetSpan(sizeof(long)), microseconds);
        output.Advance(sizeof(long));
        return null;
    }

    // Without one, the machine's own time zone would be taken.
    private static bool HasOffset(ReadOnlySpan<byte> time) => time is [.., (byte)'Z'] or [.., (byte)'+' or (byte)'-', _, _, (byte)':', _, _];
}
