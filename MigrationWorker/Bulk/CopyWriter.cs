using System.Buffers;
using System.Buffers.Binary;
using Npgsql;

namespace MovieAspire.MigrationWorker.Bulk;

/// <summary>Sends rows to <c>COPY … FROM STDIN (FORMAT binary)</c>, in large pieces and without an object for each value.</summary>
/// <remarks>PostgreSQL manual, "COPY", section "Binary Format". Unless completed, nothing of it reaches the table.</remarks>
internal sealed class CopyWriter : IAsyncDisposable
{
    private const int PieceSize = 64 * 1024;
    private static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];
    private readonly ArrayBufferWriter<byte> _buffer = new(2 * PieceSize);
    private readonly NpgsqlRawCopyStream _stream;
    private bool _completed;

    private CopyWriter(NpgsqlRawCopyStream stream)
    {
        _stream = stream;
        _buffer.Write(Header);
    }

    /// <summary>Begins a transfer to a table, which is given with its columns in parentheses.</summary>
    public static async Task<CopyWriter> StartAsync(NpgsqlConnection connection, string target, CancellationToken cancellationToken) =>
        new(await connection.BeginRawBinaryCopyAsync($"COPY {target} FROM STDIN (FORMAT binary)", cancellationToken));

    public void BeginRow(int fields) => BinaryPrimitives.WriteInt16BigEndian(Take(sizeof(short)), (short)fields);

    public void Null() => Length(-1);

    /// <summary>A value in its type's binary format, which for text is UTF-8.</summary>
    public void Value(ReadOnlySpan<byte> bytes)
    {
        Length(bytes.Length);
        _buffer.Write(bytes);
    }

    public void ValueOrNull(bool isKnown, ReadOnlySpan<byte> bytes)
    {
        if (isKnown)
        {
            Value(bytes);
        }
        else
        {
            Null();
        }
    }

    public void Int16(short value)
    {
        Length(sizeof(short));
        BinaryPrimitives.WriteInt16BigEndian(Take(sizeof(short)), value);
    }

    public void Int32(int value)
    {
        Length(sizeof(int));
        BinaryPrimitives.WriteInt32BigEndian(Take(sizeof(int)), value);
    }

    public void Int64(long value)
    {
        Length(sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(Take(sizeof(long)), value);
    }

    public void Numeric(decimal value)
    {
        Span<byte> encoded = stackalloc byte[PostgresValue.MaxNumericLength];
        Value(encoded[..PostgresValue.WriteNumeric(value, encoded)]);
    }

    /// <summary>Sends what has gathered, once that is worth it; to be called between rows.</summary>
    public ValueTask FlushAsync(CancellationToken cancellationToken) =>
        _buffer.WrittenCount < PieceSize ? ValueTask.CompletedTask : SendAsync(cancellationToken);

    /// <summary>Makes the rows take effect.</summary>
    /// <exception cref="PostgresException">The server refuses one of them.</exception>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        BinaryPrimitives.WriteInt16BigEndian(Take(sizeof(short)), -1);
        await SendAsync(cancellationToken);
        _completed = true;
        await _stream.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_completed)
        {
            await _stream.CancelAsync();
        }
    }

    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(_buffer.WrittenMemory, cancellationToken);
        _buffer.ResetWrittenCount();
    }

    private void Length(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(sizeof(int)), value);

    private Span<byte> Take(int count)
    {
        var span = _buffer.GetSpan(count)[..count];
        _buffer.Advance(count);
        return span;
    }
}
