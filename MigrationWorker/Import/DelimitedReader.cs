using System.Security.Cryptography;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>Streams the rows of a CSV file (RFC 4180) or of another delimited file.</summary>
internal sealed class DelimitedReader(Stream stream, ReadOnlyMemory<byte> separator, bool hasQuotes) : IDisposable
{
    private const byte Quote = (byte)'"';
    private const byte NewLine = (byte)'\n';
    private const string NotClosed = "a quote is not closed on this line";
    private readonly byte[] _buffer = new byte[256 * 1024];
    private readonly byte[] _unquoted = new byte[256 * 1024];
    private readonly List<(bool Unquoted, Range Range)> _fields = [];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private int _hashed;
    private int _start;
    private int _end;
    private bool _isLast;

    /// <summary>The line on which the row begins, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>The line on which it ends: quoted text may contain line breaks.</summary>
    public long LastLine { get; private set; }

    /// <summary>The offset of the next row, in bytes of the uncompressed file.</summary>
    public long Position { get; private set; }

    /// <summary>Why the line is not a valid row; null if it is.</summary>
    public string? Problem { get; private set; }

    public int Count => _fields.Count;

    /// <summary>A field of the row, valid until the next row is read.</summary>
    public ReadOnlySpan<byte> this[int field] => Memory(field).Span;

    /// <inheritdoc cref="this[int]"/>
    public ReadOnlyMemory<byte> Memory(int field) => (_fields[field].Unquoted ? _unquoted : _buffer).AsMemory(_fields[field].Range);

    /// <summary>SHA-256 of everything before <see cref="Position"/>.</summary>
    public byte[] HashSoFar()
    {
        HashUpToStart();
        return _hash.GetCurrentHash();
    }

    /// <summary>Skips to where an earlier run stopped; false if the file has changed since.</summary>
    public async Task<bool> TryContinueAsync(long lastLine, long position, byte[] hash, CancellationToken cancellationToken)
    {
        for (var left = position; left > 0;)
        {
            var read = await stream.ReadAsync(_buffer.AsMemory(0, (int)Math.Min(left, _buffer.Length)), cancellationToken);
            if (read == 0)
            {
                return false;
            }

            _hash.AppendData(_buffer, 0, read);
            left -= read;
        }

        (LastLine, Position) = (lastLine, position);
        return _hash.GetCurrentHash().AsSpan().SequenceEqual(hash);
    }

    /// <summary>Advances to the next line that is not empty; false at the end.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        var dropped = false;
        while (true)
        {
            var length = _buffer.AsSpan(_start.._end).IndexOf(NewLine);
            if (length < 0 && !_isLast)
            {
                dropped |= await FillAsync(cancellationToken);
                continue;
            }

            var end = length < 0 ? _end : _start + length;
            if (length < 0 && end == _start && !dropped)
            {
                return false;
            }

            Line = ++LastLine;
            var (begin, isEmpty) = (_start, WithoutReturn(end) == _start);
            Problem = dropped ? $"the line is longer than {_buffer.Length / 1024} KB" : isEmpty ? null : Split(_start, WithoutReturn(end));
            if (Problem == NotClosed)
            {
                // Reading more moves the row to the start of the buffer.
                var first = end - _start;
                var last = await CloseQuoteAsync(first, cancellationToken);
                (begin, end) = (_start, _start + (last ?? first));
                LastLine += last is null ? 0 : _buffer.AsSpan(begin..end).Count(NewLine);
            }

            _start = Math.Min(end + 1, _end);
            Position += _start - begin;
            if (dropped || !isEmpty)
            {
                return true;
            }
        }
    }

    public void Dispose() => _hash.Dispose();

    // Extends a row whose quote is not closed over the next lines and returns its length; null if that does not give a valid row, so that a
    // stray quote costs only its own line.
    private async ValueTask<int?> CloseQuoteAsync(int length, CancellationToken cancellationToken)
    {
        while (true)
        {
            var rest = _buffer.AsSpan((_start + length).._end);
            var quote = rest.IndexOf(Quote);
            var newLine = quote < 0 ? -1 : rest[quote..].IndexOf(NewLine);
            if (newLine < 0 && !_isLast && _end - _start < _buffer.Length)
            {
                await FillAsync(cancellationToken);
                continue;
            }

            if (quote < 0 || (newLine < 0 && !_isLast))
            {
                Problem = NotClosed;
                return null;
            }

            length = newLine < 0 ? _end - _start : length + quote + newLine;
            Problem = Split(_start, WithoutReturn(_start + length));
            if (Problem is null)
            {
                return length;
            }

            if (Problem != NotClosed)
            {
                Problem = NotClosed;
                return null;
            }
        }
    }

    private int WithoutReturn(int end) => end > _start && _buffer[end - 1] == (byte)'\r' ? end - 1 : end;

    private string? Split(int position, int end)
    {
        _fields.Clear();
        var between = separator.Span;
        var free = 0;
        while (true)
        {
            if (hasQuotes && position < end && _buffer[position] == Quote)
            {
                var (after, length) = Unquote(position + 1, end, free);
                if (after < 0 || (after < end && !_buffer.AsSpan(after..end).StartsWith(between)))
                {
                    return after < 0 ? NotClosed : "text stands after a closing quote";
                }

                _fields.Add((true, free..(free + length)));
                free += length;
                position = after;
            }
            else
            {
                var rest = _buffer.AsSpan(position..end);
                var length = between.Length == 1 ? rest.IndexOf(between[0]) : rest.IndexOf(between);
                length = length < 0 ? rest.Length : length;
                _fields.Add((false, position..(position + length)));
                position += length;
            }

            if (position >= end)
            {
                return null;
            }

            position += between.Length;
        }
    }

    // Returns the position after the closing quote (-1 without one) and the length of the text, in which "" becomes ".
    private (int After, int Length) Unquote(int position, int end, int free)
    {
        var begin = free;
        for (; position < end; position++)
        {
            if (_buffer[position] == Quote && (++position >= end || _buffer[position] != Quote))
            {
                return (position, free - begin);
            }

            _unquoted[free++] = _buffer[position];
        }

        return (-1, 0);
    }

    // Drops a line that does not fit the buffer, up to its end; returns whether it did.
    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        HashUpToStart();
        var drop = _start == 0 && _end == _buffer.Length;
        if (drop)
        {
            _hash.AppendData(_buffer);
            Position += _end;
            _end = 0;
        }

        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        (_hashed, _start, _end) = (0, 0, _end - _start);
        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        _isLast = read == 0;
        if (Position == 0 && !drop && _buffer.AsSpan(.._end) is [0xEF, 0xBB, 0xBF, ..])
        {
            (_start, Position) = (3, 3);
        }

        return drop;
    }

    private void HashUpToStart()
    {
        _hash.AppendData(_buffer, _hashed, _start - _hashed);
        _hashed = _start;
    }
}
