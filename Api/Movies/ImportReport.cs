using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace MovieAspire.Api.Movies;

/// <summary>The result of an import. Each line is counted once.</summary>
public sealed record ImportReport
{
    /// <summary>The lines that were not imported, in order.</summary>
    public required IReadOnlyList<Rejection> Rejections { get; init; }

    public required long Rejected { get; init; }

    public required long Created { get; init; }

    /// <summary>Existing movies that differed.</summary>
    public required long Updated { get; init; }

    /// <summary>Existing movies that were identical.</summary>
    public required long Unchanged { get; init; }

    /// <summary>Some of the movies that a dry run would write; null for an import.</summary>
    public required ImportPreview? Preview { get; init; }
}

/// <summary>
/// The first movies of the file that an import would write, up to 50 of each kind. One that the file has several times is listed once, as the
/// first of its lines leaves it.
/// </summary>
public sealed record ImportPreview
{
    internal const int Size = 50;

    /// <summary>The first of those that it would create.</summary>
    public required IReadOnlyList<CreatedMovie> Created { get; init; }

    /// <summary>The first of those that it would update.</summary>
    public required IReadOnlyList<UpdatedMovie> Updated { get; init; }
}

/// <summary>A movie that an import would create.</summary>
public sealed record CreatedMovie
{
    public required string Title { get; init; }

    public required DateOnly ReleaseDate { get; init; }
}

/// <summary>A movie that an import would update.</summary>
public sealed record UpdatedMovie
{
    public required string Title { get; init; }

    public required DateOnly ReleaseDate { get; init; }

    /// <summary>The properties that would change, as they are.</summary>
    public required JsonObject Before { get; init; }

    /// <summary>The same properties as they would be.</summary>
    public required JsonObject After { get; init; }
}

/// <summary>A line that was not imported.</summary>
public sealed record Rejection
{
    /// <summary>Counted from 1, blank lines included. In a JSON array, the number of the element.</summary>
    public required long Line { get; init; }

    /// <summary>The invalid field; <c>$</c> is the whole line.</summary>
    public required string Field { get; init; }

    public required string Reason { get; init; }
}

/// <summary>
/// Buffers an <see cref="ImportReport"/> while the import runs, in a file once it is long, and sends it when all lines are read:
/// a client that sends everything before it reads would otherwise deadlock with us.
/// </summary>
internal sealed class ImportReportWriter : IAsyncDisposable
{
    private readonly FileBufferingWriteStream _buffer = new();
    private readonly Utf8JsonWriter _json;

    public ImportReportWriter()
    {
        _json = new(_buffer);
        _json.WriteStartObject();
        _json.WriteStartArray("rejections");
    }

    public async Task RejectAsync(ImportItem item, CancellationToken cancellationToken)
    {
        _json.WriteStartObject();
        _json.WriteNumber("line", item.Line);
        _json.WriteString("field", item.Field);
        _json.WriteString("reason", item.Reason);
        _json.WriteEndObject();
        await _json.FlushAsync(cancellationToken);
    }

    public async Task SendAsync(
        ImportCounts counts, ImportPreview? preview, JsonSerializerOptions options, HttpResponse response, CancellationToken cancellationToken)
    {
        _json.WriteEndArray();
        _json.WriteNumber("rejected", counts.Rejected);
        _json.WriteNumber("created", counts.Created);
        _json.WriteNumber("updated", counts.Updated);
        _json.WriteNumber("unchanged", counts.Unchanged);
        _json.WritePropertyName("preview");
        JsonSerializer.Serialize(_json, preview, options);
        _json.WriteEndObject();
        await _json.FlushAsync(cancellationToken);

        response.ContentType = "application/json; charset=utf-8";
        await _buffer.DrainBufferAsync(response.Body, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _json.DisposeAsync();
        await _buffer.DisposeAsync();
    }
}
