using System.Text.Json;
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

    public async Task SendAsync(ImportCounts counts, HttpResponse response, CancellationToken cancellationToken)
    {
        _json.WriteEndArray();
        _json.WriteNumber("rejected", counts.Rejected);
        _json.WriteNumber("created", counts.Created);
        _json.WriteNumber("updated", counts.Updated);
        _json.WriteNumber("unchanged", counts.Unchanged);
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
