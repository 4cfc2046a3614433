using System.Text.Json;
using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Fixtures.Load;

/// <summary>Reads a fixture: the header, then table after table, record after record.</summary>
internal sealed class FixtureReader(Stream stream, string file)
{
    private readonly JsonTokens _tokens = new(stream, file);

    /// <summary>The present record's line, from 1.</summary>
    public long Line => _tokens.Line;

    /// <summary>The present record as it stands in the file.</summary>
    public ReadOnlyMemory<byte> Record => _tokens.Raw;

    /// <summary>Reads up to the tables.</summary>
    /// <exception cref="UserErrorException">It is no fixture that this build reads.</exception>
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

    /// <summary>Gives the next table's name, and stands before its first record; null after the last, at the end of the file.</summary>
    public async Task<string?> TableAsync(CancellationToken cancellationToken)
    {
        if (await NameAsync(cancellationToken) is { } name)
        {
            await ExpectAsync(JsonTokenType.StartArray, cancellationToken);
            return name;
        }

        await ExpectAsync(JsonTokenType.EndObject, cancellationToken);
        return null;
    }

    /// <summary>Goes to the table's next record; false after the last.</summary>
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

    // A property's name comes with its colon.
    private string Text() => JsonSerializer.Deserialize<string>(_tokens.Raw.Span.TrimEnd(": \t\r\n"u8))!;
}
