using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MovieAspire.Api.Http;

namespace MovieAspire.Api.Movies;

/// <summary>A line of an import: a movie, or why it is rejected.</summary>
internal readonly record struct ImportItem(long Line, MovieRequest? Movie, string? Field, string? Reason);

/// <summary>Streams movies from newline-delimited JSON or from one JSON array.</summary>
internal sealed class ImportReader(JsonSerializerOptions options)
{
    private static readonly byte[] Bom = [0xEF, 0xBB, 0xBF];

    public async IAsyncEnumerable<ImportItem> ReadLinesAsync(HttpRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await SkipBomAsync(request.BodyReader, cancellationToken);
        await foreach (var line in NdjsonReader.ReadAsync(request.BodyReader, cancellationToken))
        {
            yield return Parse(line);
        }
    }

    public async IAsyncEnumerable<ImportItem> ReadArrayAsync(HttpRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await SkipBomAsync(request.BodyReader, cancellationToken);
        await using var elements = JsonArrayReader.ReadAsync(request.BodyReader, cancellationToken).GetAsyncEnumerator(cancellationToken);
        for (var number = 1L; ; number++)
        {
            ImportItem? fault = null;
            try
            {
                if (!await elements.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (JsonException)
            {
                fault = new(number, null, "$", "The body is not a well-formed JSON array from here on; the rest was not read.");
            }

            if (fault is { } last)
            {
                yield return last;
                yield break;
            }

            yield return Parse(elements.Current);
        }
    }

    private ImportItem Parse(NumberedJson json)
    {
        var (number, content) = json;
        if (content is null)
        {
            return new(number, null, "$", $"The movie takes more than {NumberedJson.MaxLength} bytes.");
        }

        try
        {
            return JsonSerializer.Deserialize<MovieRequest>(content, options) is { } movie
                ? Check(number, movie)
                : new(number, null, "$", "A movie is a JSON object.");
        }
        catch (JsonException exception)
        {
            var (field, reasons) = JsonErrors.ByField(exception).First();
            return new(number, null, field, reasons[0]);
        }
    }

    private static ImportItem Check(long number, MovieRequest movie)
    {
        return RequestValidation.Validate(movie).FirstOrDefault() is ({ } field, { } message)
            ? new(number, null, field, message)
            : new(number, movie, null, null);
    }

    private static async Task SkipBomAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        var result = await reader.ReadAtLeastAsync(Bom.Length, cancellationToken);
        var start = result.Buffer.Slice(0, Math.Min(Bom.Length, result.Buffer.Length));
        reader.AdvanceTo(start.ToArray().AsSpan().SequenceEqual(Bom) ? start.End : start.Start);
    }
}
