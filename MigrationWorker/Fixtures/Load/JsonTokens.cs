using System.Text.Json;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Fixtures.Load;

/// <summary>Reads a JSON document piece by piece, however long it is; holds one record at a time.</summary>
internal sealed class JsonTokens(Stream stream, string file)
{
    private const int MaxRecord = 8 * 1024 * 1024;
    private byte[] _buffer = new byte[256 * 1024];
    private int _start;
    private int _end;
    private bool _isLast;
    private bool _begun;
    private JsonReaderState _state;
    private long _nextLine = 1;

    public JsonTokenType Type { get; private set; }

    /// <summary>The line on which the token begins, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>The token's text as it stands in the file; of an object or array that was read as a whole, all of it.</summary>
    public ReadOnlyMemory<byte> Raw { get; private set; }

    /// <summary>Goes to the next token, which is an object or array as one when it is to be taken <paramref name="whole"/>.</summary>
    /// <exception cref="UserErrorException">The file is not JSON, or ends before the document does.</exception>
    public async ValueTask ReadAsync(bool whole, CancellationToken cancellationToken)
    {
        try
        {
            while (!TryRead(whole))
            {
                await FillAsync(cancellationToken);
            }
        }
        catch (JsonException e)
        {
            throw new UserErrorException($"{file}, line {(e.LineNumber ?? 0) + 1}: not valid JSON: {e.Message.Split(" LineNumber:")[0]} Nothing was loaded.", e);
        }
        catch (InvalidDataException e)
        {
            throw new UserErrorException($"{file}, after line {_nextLine}: the gzip data is damaged or cut off: {e.Message} Nothing was loaded.", e);
        }
    }

    private bool TryRead(bool whole)
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start.._end), _isLast, _state);
        if (!reader.Read())
        {
            return false;
        }

        var (type, begin) = (reader.TokenType, _start + (int)reader.TokenStartIndex);
        if (whole && type is JsonTokenType.StartObject or JsonTokenType.StartArray && !reader.TrySkip())
        {
            return false;
        }

        var end = _start + (int)reader.BytesConsumed;
        Type = type;
        Raw = _buffer.AsMemory(begin..end);
        Line = _nextLine + _buffer.AsSpan(_start..begin).Count((byte)'\n');
        _nextLine = Line + Raw.Span.Count((byte)'\n');
        _start = end;
        _state = reader.CurrentState;
        return true;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _end < MaxRecord
                ? 2 * _end
                : throw new UserErrorException($"{file}, line {_nextLine}: a record longer than {MaxRecord / 1024 / 1024} MB; no row of this database is. Nothing was loaded."));
        }

        var read = await stream.ReadAtLeastAsync(_buffer.AsMemory(_end), _begun ? 1 : 3, throwOnEndOfStream: false, cancellationToken);
        _end += read;
        _isLast = read == 0;
        if (!_begun)
        {
            _begun = true;
            SkipByteOrderMark();
        }
    }

    private void SkipByteOrderMark()
    {
        var head = _buffer.AsSpan(.._end);
        if (head is [0xEF, 0xBB, 0xBF, ..])
        {
            _start = 3;
        }
        else if (head is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            throw new UserErrorException($"{file} is UTF-16 text; save it as UTF-8.");
        }
    }
}
