using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace MovieAspire.MigrationWorker.Bulk;

/// <summary>
/// Decompresses gzip (RFC 1952) with any number of members. Unlike <see cref="GZipStream"/>, it reports damage and other data that follows.
/// Zeros at the end are padding, as for gzip itself.
/// </summary>
internal sealed class GzipReader(Stream packed) : ForwardStream
{
    private const string Damaged = "the gzip data is damaged or cut off";
    private readonly Input _input = new(packed);
    private readonly Crc32 _checksum = new();
    private DeflateStream? _member;
    private uint _length;
    private bool _begun;

    /// <exception cref="InvalidDataException">The data is damaged or cut off, or something else follows it.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (!buffer.IsEmpty && (_member is not null || Begin()))
        {
            var read = Inflate(buffer);
            if (read > 0)
            {
                _checksum.Append(buffer[..read]);
                _length += (uint)read;
                return read;
            }

            End();
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        _member?.Dispose();
        packed.Dispose();
        base.Dispose(disposing);
    }

    private int Inflate(Span<byte> buffer)
    {
        try
        {
            return _member!.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException(Damaged, e);
        }
    }

    private bool Begin()
    {
        while (_begun && _input.Peek(1) is [0, ..])
        {
            _input.Next();
        }

        if (_input.Peek(1).IsEmpty && _begun)
        {
            return false;
        }

        if (_input.Peek(2) is not [0x1F, 0x8B, ..])
        {
            throw new InvalidDataException(_begun ? "something that is not gzip follows the gzip data" : Damaged);
        }

        _begun = true;
        Skip(2);
        var (method, flags) = (Next(), Next());
        if (method != 8 || (flags & 0xE0) != 0)
        {
            throw new InvalidDataException(Damaged);
        }

        Skip(6);
        const int Extra = 4, Name = 8, Comment = 16, HeaderChecksum = 2;
        if ((flags & Extra) != 0)
        {
            Skip(Next() | (Next() << 8));
        }

        for (var texts = ((flags & Name) != 0 ? 1 : 0) + ((flags & Comment) != 0 ? 1 : 0); texts > 0;)
        {
            texts -= Next() == 0 ? 1 : 0;
        }

        Skip((flags & HeaderChecksum) != 0 ? 2 : 0);
        _member = new DeflateStream(_input, CompressionMode.Decompress, leaveOpen: true);
        return true;
    }

    // The deflated data ends somewhere in the last chunk, but DeflateStream does not say where. Checksum and length follow it.
    private void End()
    {
        Span<byte> trailer = stackalloc byte[8];
        _checksum.GetHashAndReset(trailer);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], _length);
        if (!_input.GoBehind(trailer))
        {
            throw new InvalidDataException(Damaged);
        }

        _member!.Dispose();
        _member = null;
        _length = 0;
    }

    private int Next() => _input.Next() is >= 0 and var value ? value : throw new InvalidDataException(Damaged);

    private void Skip(int bytes)
    {
        for (; bytes > 0; bytes--)
        {
            Next();
        }
    }

    /// <summary>The compressed bytes, in chunks. Keeps the last chunk.</summary>
    private sealed class Input(Stream packed) : ForwardStream
    {
        private readonly byte[] _buffer = new byte[128 * 1024];
        private int _piece;
        private int _start;
        private int _end;

        /// <summary>The next bytes, fewer at the end only.</summary>
        public ReadOnlySpan<byte> Peek(int bytes)
        {
            if (_end - _start < bytes)
            {
                Fill(bytes);
            }

            return _buffer.AsSpan(_start.._end);
        }

        public int Next()
        {
            var value = Peek(1) is [var next, ..] ? next : -1;
            _start += value >= 0 ? 1 : 0;
            _piece = _start;
            return value;
        }

        public override int Read(Span<byte> buffer)
        {
            if (_start == _end)
            {
                _piece = _start;
                Fill(1);
            }

            var length = Math.Min(buffer.Length, _end - _start);
            _buffer.AsSpan(_start, length).CopyTo(buffer);
            _piece = _start;
            _start += length;
            return length;
        }

        /// <summary>Seeks behind the first occurrence of these bytes in the last chunk or right after it.</summary>
        public bool GoBehind(ReadOnlySpan<byte> bytes)
        {
            Peek(bytes.Length);
            var end = Math.Min(_end, _start + bytes.Length);
            var index = _buffer.AsSpan(_piece..end).IndexOf(bytes);
            _start = _piece + index + bytes.Length;
            _piece = _start;
            return index >= 0;
        }

        private void Fill(int bytes)
        {
            _buffer.AsSpan(_piece.._end).CopyTo(_buffer);
            (_piece, _start, _end) = (0, _start - _piece, _end - _piece);
            _end += packed.ReadAtLeast(_buffer.AsSpan(_end), bytes - (_end - _start), throwOnEndOfStream: false);
        }
    }
}
