using System.Text.Json;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Fixtures;

/// <summary>Reads a fixture: the header, then table after table, record after record.</summary>
internal sealed class FixtureReader(Stream stream, string file)
{
    private readonly JsonTokens _tokens = new(stream, file);

    /// <summary>The current record's line, from 1.</summary>
    public long Line => _tokens.Line;

    /// <summary>The current record's text in the file.</summary>
    public ReadOnlyMemory<byte> Record => _tokens.Raw;

    /// <summary>Reads up to the tables.</summary>
    /// <exception cref="UserErrorException">It is not a fixture that this build can read.</exception>
    public async Task<FixtureHeader> HeaderAsync(CancellationToken cancellationToken)
    {
        var header = new FixtureHeader(null, 0, null);
        await ExpectAsync(JsonTokenType.StartObject, cancellationToken);
        while (await NameAsync(cancellationToken) is { } name)
        {
            if (name == "tables")
            {
                header.Require(file);
                await ExpectAsync(JsonTokenType.StartObject, cancellationToken);
                return header;
            }

            await _tokens.ReadAsync(whole: true, cancellationToken);
            header = (name, _tokens.Type) switch
            {
                ("format", JsonTokenType.String) => header with { Format = Text() },
                ("migration", JsonTokenType.String) => header with { Migration = Text() },
                ("version", JsonTokenType.Number) => header with { Version = JsonSerializer.Deserialize<int>(_tokens.Raw.Span) },
                _ => throw Unexpected($"the header has no \"{name}\" of this kind"),
            };
        }

        header.Require(file);
        throw Unexpected("it has no \"tables\"");
    }

    /// <summary>Advances to the next table and returns its name; null at the end of the file.</summary>
    public async Task<string?> TableAsync(CancellationToken cancellationToken)
    {
        if (await NameAsync(cancellationToken) is { } name)
        {
            await ExpectAsync(JsonTokenType.StartArray, cancellationToken);
            return name;
        }

        await ExpectAsync(JsonTokenType.EndObject, cancellationToken);
        await _tokens.EndAsync(cancellationToken);
        return null;
    }

    /// <summary>Advances to the table's next record; false after the last one.</summary>
    public async ValueTask<bool> RecordAsync(CancellationToken cancellationToken)
    {
        await _tokens.ReadAsync(whole: true, cancellationToken);
        return _tokens.Type switch
        {
            JsonTokenType.StartObject => true,
            JsonTokenType.EndArray => false,
            _ => throw Unexpected("a table holds records in braces"),
        };
    }

    public UserErrorException Unexpected(string reason) => new($"{file}, line {_tokens.Line}: {reason}. Nothing was loaded.");

    private async Task<string?> NameAsync(CancellationToken cancellationToken)
    {
        await _tokens.ReadAsync(whole: false, cancellationToken);
        return _tokens.Type switch
        {
            JsonTokenType.PropertyName => Text(),
            JsonTokenType.EndObject => null,
            _ => throw Unexpected("a name was expected"),
        };
    }

    private async Task ExpectAsync(JsonTokenType type, CancellationToken cancellationToken)
    {
        await _tokens.ReadAsync(whole: false, cancellationToken);
        if (_tokens.Type != type)
        {
            throw Unexpected($"expected {type}, found {_tokens.Type}");
        }
    }

    // A property's name includes its colon.
    private string Text() => JsonSerializer.Deserialize<string>(_tokens.Raw.Span.TrimEnd(": \t\r\n"u8))!;
}

/// <summary>Streams a JSON document of any length, with one record in memory at a time.</summary>
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

    /// <summary>The token's text in the file; for an object or array that was read whole, all of it.</summary>
    public ReadOnlyMemory<byte> Raw { get; private set; }

    /// <summary>Advances to the next token. With <paramref name="whole"/>, an object or array is one token.</summary>
    /// <exception cref="UserErrorException">The file is not JSON, or ends before the document does.</exception>
    public ValueTask ReadAsync(bool whole, CancellationToken cancellationToken) => ReadAsync(whole, isEnd: false, cancellationToken);

    /// <summary>Reads to the end of the file, where the document must end, too.</summary>
    /// <exception cref="UserErrorException">Something follows the document.</exception>
    public ValueTask EndAsync(CancellationToken cancellationToken) => ReadAsync(whole: false, isEnd: true, cancellationToken);

    private async ValueTask ReadAsync(bool whole, bool isEnd, CancellationToken cancellationToken)
    {
        try
        {
            while (!TryRead(whole) && !(isEnd && _isLast))
            {
                await FillAsync(cancellationToken);
            }
        }
        catch (JsonException e)
        {
            throw new UserErrorException(
                $"{file}, line {(e.LineNumber ?? 0) + 1}: not valid JSON: {e.Message.Split(" LineNumber:")[0]} Nothing was loaded.", e);
        }
        catch (InvalidDataException e)
        {
            throw new UserErrorException(
                $"{file}, after line {_nextLine}: {e.Message}. Nothing was loaded.", e);
        }
    }

    private bool TryRead(bool whole)
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start.._end), _isLast, _state);
        if (!reader.Read())
        {
            // Discard white space.
            _nextLine += _buffer.AsSpan(_start, (int)reader.BytesConsumed).Count((byte)'\n');
            _start += (int)reader.BytesConsumed;
            _state = reader.CurrentState;
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
                : throw new UserErrorException($"{file}, line {_nextLine}: a record longer than {MaxRecord / 1024 / 1024} MB; "
                    + "no row of this database is. Nothing was loaded."));
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
