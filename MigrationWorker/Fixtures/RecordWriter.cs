using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace MovieAspire.MigrationWorker.Fixtures;

/// <summary>Writes rows of a binary COPY as JSON objects, one a line. A null is left out.</summary>
internal sealed class RecordWriter
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(code => (byte)code), (byte)'"', (byte)'\\', 0x7F]);
    private readonly ArrayBufferWriter<byte> _output;
    private readonly (byte[] Name, FixtureType Type)[] _fields;

    public RecordWriter(IEnumerable<FixtureField> fields, ArrayBufferWriter<byte> output)
    {
        _output = output;
        _fields = [.. fields.Select(field => (Encoding.UTF8.GetBytes($"\"{field.Name}\":"), field.Type))];
    }

    /// <summary>Writes the current row of a COPY.</summary>
    public async ValueTask WriteAsync(NpgsqlBinaryExporter row, CancellationToken cancellationToken)
    {
        var isFirst = true;
        foreach (var (name, type) in _fields)
        {
            if (row.IsNull)
            {
                await row.SkipAsync(cancellationToken);
                continue;
            }

            _output.Write(isFirst ? "{"u8 : ","u8);
            _output.Write(name);
            isFirst = false;
            await WriteAsync(type, row, cancellationToken);
        }

        _output.Write(isFirst ? "{}"u8 : "}"u8);
    }

    private async ValueTask WriteAsync(FixtureType type, NpgsqlBinaryExporter row, CancellationToken cancellationToken)
    {
        switch (type)
        {
            case FixtureType.Text:
                Text(await row.ReadAsync<byte[]>(NpgsqlDbType.Text, cancellationToken));
                break;
            case FixtureType.Boolean:
                _output.Write(await row.ReadAsync<bool>(NpgsqlDbType.Boolean, cancellationToken) ? "true"u8 : "false"u8);
                break;
            case FixtureType.SmallInt:
                Integer(await row.ReadAsync<short>(NpgsqlDbType.Smallint, cancellationToken));
                break;
            case FixtureType.Integer:
                Integer(await row.ReadAsync<int>(NpgsqlDbType.Integer, cancellationToken));
                break;
            case FixtureType.BigInt:
                Integer(await row.ReadAsync<long>(NpgsqlDbType.Bigint, cancellationToken));
                break;
            case FixtureType.Numeric: // The query makes text of it, to keep the digits.
                _output.Write(await row.ReadAsync<byte[]>(NpgsqlDbType.Text, cancellationToken));
                break;
            case FixtureType.Date:
                Date(await row.ReadAsync<DateOnly>(NpgsqlDbType.Date, cancellationToken));
                break;
            default:
                Timestamp(await row.ReadAsync<long>(NpgsqlDbType.TimestampTz, cancellationToken));
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
        if (microseconds is PostgresTimestamp.Infinity or PostgresTimestamp.NegativeInfinity)
        {
            Text(microseconds > 0 ? "infinity"u8 : "-infinity"u8);
            return;
        }

        // "O" gives seven decimals, of which PostgreSQL has six; the seventh, always 0, gives way to the Z.
        var span = _output.GetSpan(40);
        PostgresTimestamp.ToDateTime(microseconds).TryFormat(span[1..], out var written, "O", CultureInfo.InvariantCulture);
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
