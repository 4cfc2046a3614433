namespace MovieAspire.MigrationWorker.Import;

/// <summary>Reads rows of a CSV (RFC 4180, one row a line) or of a TSV without quotes; holds one piece of the file at a time.</summary>
internal sealed class DelimitedReader(Stream stream, byte separator, bool hasQuotes)
{
    private const byte Quote = (byte)'"';
    private readonly byte[] _buffer = new byte[256 * 1024];
    private readonly byte[] _unquoted = new byte[256 * 1024];
    private readonly List<(bool Unquoted, Range Range)> _fields = [];
    private int _start;
    private int _end;
    private bool _isLast;

    /// <summary>The row's line, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Where the next row begins, in bytes of the unpacked file.</summary>
    public long Position { get; private set; }

    /// <summary>Why the line is no row; null when it is one.</summary>
    public string? Problem { get; private set; }

    public int Count => _fields.Count;

    /// <summary>A field of the row, good until the next one is read.</summary>
    public ReadOnlySpan<byte> this[int field] => Memory(field).Span;

    /// <inheritdoc cref="this[int]"/>
    public ReadOnlyMemory<byte> Memory(int field) => (_fields[field].Unquoted ? _unquoted : _buffer).AsMemory(_fields[field].Range);

    /// <summary>Says that the stream stands behind what was read before.</summary>
    public void ContinueAfter(long line, long position) => (Line, Position) = (line, position);

    /// <summary>Goes to the next line that is not empty; false at the end.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        var dropped = false;
        while (true)
        {
            var length = _buffer.AsSpan(_start.._end).IndexOf((byte)'\n');
            if (length < 0 && !_isLast)
            {
                dropped |= await FillAsync(cancellationToken);
                continue;
            }

            var (begin, end) = (_start, length < 0 ? _end : _start + length);
            var next = length < 0 ? _end : end + 1;
            if (next == begin && !dropped)
            {
                return false;
            }

            Position += next - begin;
            Line++;
            _start = next;
            end = end > begin && _buffer[end - 1] == (byte)'\r' ? end - 1 : end;
            if (end > begin || dropped)
            {
                Problem = dropped ? $"the line is longer than {_buffer.Length / 1024} KB" : Split(begin, end);
                return true;
            }
        }
    }

    private string? Split(int position, int end)
    {
        _fields.Clear();
        var free = 0;
        while (true)
        {
            if (hasQuotes && position < end && _buffer[position] == Quote)
            {
                var (after, length) = Unquote(position + 1, end, free);
                if (after < 0 || (after < end && _buffer[after] != separator))
                {
                    return after < 0 ? "a quote is not closed on this line" : "text stands after a closing quote";
                }

                _fields.Add((true, free..(free + length)));
                free += length;
                position = after;
            }
            else
            {
                var length = _buffer.AsSpan(position..end).IndexOf(separator);
                length = length < 0 ? end - position : length;
                _fields.Add((false, position..(position + length)));
                position += length;
            }

            if (position++ >= end)
            {
                return null;
            }
        }
    }

    // Gives the position after the closing quote (-1 without one) and the length of the text, which is copied with "" as ".
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

    // A line that does not fit is dropped, except for its end; true says so.
    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        var drop = _start == 0 && _end == _buffer.Length;
        if (drop)
        {
            Position += _end;
            _end = 0;
        }

        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        _isLast = read == 0;
        if (Position == 0 && !drop && _buffer.AsSpan(.._end) is [0xEF, 0xBB, 0xBF, ..])
        {
            (_start, Position) = (3, 3);
        }

        return drop;
    }
}
