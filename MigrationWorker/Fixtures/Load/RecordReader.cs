using System.Buffers;
using System.Text;
using System.Text.Json;
using MovieAspire.MigrationWorker.Bulk;

namespace MovieAspire.MigrationWorker.Fixtures.Load;

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
