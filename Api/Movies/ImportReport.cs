using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace MovieAspire.Api.Movies;

/// <summary>What became of an import: each line is counted once.</summary>
public sealed record ImportReport
{
    /// <summary>Lines that hold no film, in their order.</summary>
    public required IReadOnlyList<Rejection> Rejections { get; init; }

    public required long Rejected { get; init; }

    public required long Created { get; init; }

    /// <summary>Films that were there and differed.</summary>
    public required long Updated { get; init; }

    /// <summary>Films that were there, just the same.</summary>
    public required long Unchanged { get; init; }
}

/// <summary>A line that was not imported.</summary>
public sealed record Rejection
{
    /// <summary>Counted from 1, blank lines included; in a JSON array the number of the element.</summary>
    public required long Line { get; init; }

    /// <summary>The field at fault; <c>$</c> is the whole line.</summary>
    public required string Field { get; init; }

    public required string Reason { get; init; }
}

/// <summary>
/// Writes an <see cref="ImportReport"/> aside while the import runs, in a file once it is long, and sends it when all lines are read: a client
/// that sends first and reads afterwards would otherwise stop reading us, and we it.
/// </summary>
internal sealed class ImportReportWriter : IAsyncDisposable
{
    private readonly FileBufferingWriteStream _aside = new();
    private readonly Utf8JsonWriter _json;
    private long _rejected;

    public ImportReportWriter()
    {
        _json = new(_aside);
        _json.WriteStartObject();
        _json.WriteStartArray("rejections");
    }

    public async Task RejectAsync(ImportItem item, CancellationToken cancellationToken)
    {
        _rejected++;
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
        _json.WriteNumber("rejected", _rejected);
        _json.WriteNumber("created", counts.Created);
        _json.WriteNumber("updated", counts.Updated);
        _json.WriteNumber("unchanged", counts.Unchanged);
        _json.WriteEndObject();
        await _json.FlushAsync(cancellationToken);

        response.ContentType = "application/json; charset=utf-8";
        await _aside.DrainBufferAsync(response.Body, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _json.DisposeAsync();
        await _aside.DisposeAsync();
    }
}
