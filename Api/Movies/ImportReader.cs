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
        await foreach (var (number, content) in NdjsonReader.ReadAsync(request.BodyReader, cancellationToken))
        {
            yield return content is null
                ? new(number, null, "$", $"The line is longer than {NdjsonReader.MaxLength} bytes.")
                : Parse(number, () => JsonSerializer.Deserialize<MovieRequest>(number == 1 ? WithoutBom(content) : content, options));
        }
    }

    public async IAsyncEnumerable<ImportItem> ReadArrayAsync(HttpRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var elements = JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(request.Body, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (elements)
        {
            for (var number = 1L; ; number++)
            {
                ImportItem? failure = null;
                try
                {
                    if (!await elements.MoveNextAsync())
                    {
                        yield break;
                    }
                }
                catch (JsonException)
                {
                    failure = new(number, null, "$", "The body is not a well-formed JSON array from here on; the rest was not read.");
                }

                if (failure is { } last)
                {
                    yield return last;
                    yield break;
                }

                yield return Parse(number, () => elements.Current.Deserialize<MovieRequest>(options));
            }
        }
    }

    private static ImportItem Parse(long number, Func<MovieRequest?> read)
    {
        try
        {
            return read() is { } movie ? Check(number, movie) : new(number, null, "$", "A movie is a JSON object.");
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

    private static ReadOnlySpan<byte> WithoutBom(byte[] line) => line.AsSpan().StartsWith(Bom) ? line.AsSpan(Bom.Length) : line;
}
