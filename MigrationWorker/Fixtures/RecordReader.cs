using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using MovieAspire.MigrationWorker.Bulk;

namespace MovieAspire.MigrationWorker.Fixtures;

/// <summary>Makes rows of a staging table, which begin with the line, of records.</summary>
internal sealed class RecordReader
{
    private static readonly Range Missing = new(^0, ^0);
    private readonly (byte[] Name, FixtureField Field)[] _fields;
    private readonly Range[] _values;
    private readonly ArrayBufferWriter<byte> _encoded = new();

    public RecordReader(IReadOnlyList<FixtureField> fields)
    {
        _fields = [.. fields.Select(field => (Encoding.UTF8.GetBytes(field.Name), field))];
        _values = new Range[_fields.Length];
    }

    /// <summary>Writes a record as a row, unless it cannot be one: then gives the reason.</summary>
    public string? Read(ReadOnlySpan<byte> json, long line, CopyWriter rows)
    {
        _encoded.ResetWrittenCount();
        Array.Fill(_values, Missing);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        var expected = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var index = Find(ref reader, expected);
            if (index < 0)
            {
                return $"there is no column \"{Encoding.UTF8.GetString(reader.ValueSpan)}\"; there are: {string.Join(", ", _fields.Select(field => field.Field.Name))}";
            }

            if (!_values[index].Equals(Missing))
            {
                return $"\"{_fields[index].Field.Name}\" stands twice";
            }

            reader.Read();
            var begin = _encoded.WrittenCount;
            if (reader.TokenType != JsonTokenType.Null)
            {
                if (ValueReader.Read(ref reader, _fields[index].Field.Type, _encoded) is { } problem)
                {
                    return $"\"{_fields[index].Field.Name}\": {problem}";
                }

                _values[index] = begin.._encoded.WrittenCount;
            }

            expected = index + 1;
        }

        Write(line, rows);
        return null;
    }

    // A dump's records have their fields in order.
    private int Find(ref Utf8JsonReader reader, int expected)
    {
        for (var i = expected; i < expected + _fields.Length; i++)
        {
            if (reader.ValueTextEquals(_fields[i % _fields.Length].Name))
            {
                return i % _fields.Length;
            }
        }

        return -1;
    }

    private void Write(long line, CopyWriter rows)
    {
        rows.BeginRow(1 + _values.Length);
        rows.Int64(line);
        foreach (var value in _values)
        {
            if (value.Equals(Missing))
            {
                rows.Null();
            }
            else
            {
                rows.Value(_encoded.WrittenSpan[value]);
            }
        }
    }
}

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
