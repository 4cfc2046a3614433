using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using MovieAspire.MigrationWorker.Bulk;

namespace MovieAspire.MigrationWorker.Fixtures;

/// <summary>Writes rows of a binary COPY as JSON objects, one a line. A null is left out.</summary>
internal sealed class RecordWriter
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(code => (byte)code), (byte)'"', (byte)'\\', 0x7F]);
    private readonly ArrayBufferWriter<byte> _output;
    private readonly (byte[] Name, FixtureType Type)[] _fields;

    public RecordWriter(IEnumerable<FixtureField> fields, ArrayBufferWriter<byte> output)
    {
        _output = output;
        _fields = [.. fields.Select(field => (Encoding.UTF8.GetBytes($"\"{field.Name}\":"), field.Type))];
    }

    public void Write(CopyReader row)
    {
        var before = "{"u8;
        for (var i = 0; i < _fields.Length; i++)
        {
            if (!row.IsNull(i))
            {
                _output.Write(before);
                _output.Write(_fields[i].Name);
                Value(_fields[i].Type, row[i]);
                before = ","u8;
            }
        }

        _output.Write(before is [(byte)'{'] ? "{}"u8 : "}"u8);
    }

    private void Value(FixtureType type, ReadOnlySpan<byte> value)
    {
        switch (type)
        {
            case FixtureType.Text:
                Text(value);
                break;
            case FixtureType.Boolean:
                _output.Write(value[0] == 0 ? "false"u8 : "true"u8);
                break;
            case FixtureType.SmallInt:
                Integer(BinaryPrimitives.ReadInt16BigEndian(value));
                break;
            case FixtureType.Integer:
                Integer(BinaryPrimitives.ReadInt32BigEndian(value));
                break;
            case FixtureType.BigInt:
                Integer(BinaryPrimitives.ReadInt64BigEndian(value));
                break;
            case FixtureType.Numeric: // The query makes text of it.
                _output.Write(value);
                break;
            case FixtureType.Date:
                Date(PostgresValue.ToDate(BinaryPrimitives.ReadInt32BigEndian(value)));
                break;
            default:
                Timestamp(BinaryPrimitives.ReadInt64BigEndian(value));
                break;
        }
    }

    private void Integer(long value)
    {
        Utf8Formatter.TryFormat(value, _output.GetSpan(20), out var written);
        _output.Advance(written);
    }

    private void Date(DateOnly value)
    {
        var span = _output.GetSpan(40);
        value.TryFormat(span[1..], out var written, "O", CultureInfo.InvariantCulture);
        span[0] = span[written + 1] = (byte)'"';
        _output.Advance(written + 2);
    }

    private void Timestamp(long microseconds)
    {
        if (microseconds is PostgresValue.Infinity or PostgresValue.NegativeInfinity)
        {
            Text(microseconds > 0 ? "infinity"u8 : "-infinity"u8);
            return;
        }

        // "O" gives seven decimals, of which PostgreSQL has six; the seventh, always 0, gives way to the Z.
        var span = _output.GetSpan(40);
        PostgresValue.ToTimestamp(microseconds).TryFormat(span[1..], out var written, "O", CultureInfo.InvariantCulture);
        span[0] = span[written] = (byte)'"';
        span[written - 1] = (byte)'Z';
        _output.Advance(written + 1);
    }

    private void Text(ReadOnlySpan<byte> value)
    {
        _output.Write("\""u8);
        while (value.IndexOfAny(Escaped) is >= 0 and var at)
        {
            _output.Write(value[..at]);
            Escape(value[at]);
            value = value[(at + 1)..];
        }

        _output.Write(value);
        _output.Write("\""u8);
    }

    private void Escape(byte code)
    {
        switch (code)
        {
            case (byte)'"':
                _output.Write("\\\""u8);
                break;
            case (byte)'\\':
                _output.Write(@"\\"u8);
                break;
            case (byte)'\n':
                _output.Write(@"\n"u8);
                break;
            case (byte)'\r':
                _output.Write(@"\r"u8);
                break;
            case (byte)'\t':
                _output.Write(@"\t"u8);
                break;
            default:
                _output.Write(@"\u00"u8);
                Utf8Formatter.TryFormat(code, _output.GetSpan(2), out var written, new StandardFormat('x', 2));
                _output.Advance(written);
                break;
        }
    }
}
