using System.Buffers.Binary;
using Npgsql;

namespace MovieAspire.MigrationWorker.Bulk;

/// <summary>Reads the rows of <c>COPY (query) TO STDOUT (FORMAT binary)</c>; holds one row at a time.</summary>
internal sealed class CopyReader : IAsyncDisposable
{
    private const int HeaderLength = 19;
    private readonly NpgsqlRawCopyStream _stream;
    private readonly Range[] _fields;
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    private CopyReader(NpgsqlRawCopyStream stream, int fields)
    {
        _stream = stream;
        _fields = new Range[fields];
    }

    public static async Task<CopyReader> StartAsync(NpgsqlConnection connection, string query, int fields, CancellationToken cancellationToken)
    {
        var reader = new CopyReader(await connection.BeginRawBinaryCopyAsync($"COPY ({query}) TO STDOUT (FORMAT binary)", cancellationToken), fields);
        while (reader._end - reader._start < HeaderLength)
        {
            await reader.FillAsync(cancellationToken);
        }

        reader._start = HeaderLength;
        return reader;
    }

    /// <summary>Goes to the next row; false after the last.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (TryRead())
            {
                case Outcome.Row:
                    return true;
                case Outcome.End:
                    // The server closes the transfer after the trailer; without reading that, disposing would count as a cancellation.
                    while (await _stream.ReadAsync(_buffer, cancellationToken) > 0)
                    {
                    }

                    return false;
                default:
                    await FillAsync(cancellationToken);
                    break;
            }
        }
    }

    public bool IsNull(int field) => _fields[field].Equals(default);

    /// <summary>The bytes of a value, good until the next row is read.</summary>
    public ReadOnlySpan<byte> this[int field] => _buffer.AsSpan(_fields[field]);

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private Outcome TryRead()
    {
        var position = _start;
        if (_end - position < sizeof(short))
        {
            return Outcome.Incomplete;
        }

        var count = BinaryPrimitives.ReadInt16BigEndian(_buffer.AsSpan(position));
        position += sizeof(short);
        if (count < 0)
        {
            return Outcome.End;
        }

        for (var i = 0; i < count; i++)
        {
            if (_end - position < sizeof(int))
            {
                return Outcome.Incomplete;
            }

            var length = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(position));
            position += sizeof(int);
            if (_end - position < length)
            {
                return Outcome.Incomplete;
            }

            _fields[i] = length < 0 ? default : position..(position + length);
            position += Math.Max(length, 0);
        }

        _start = position;
        return Outcome.Row;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        var read = await _stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read > 0 ? read : throw new EndOfStreamException("The server ended the transfer in the middle of a row.");
    }

    private enum Outcome
    {
        Incomplete,
        Row,
        End,
    }
}
