using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace MovieAspire.Api.Http;

/// <summary>
/// Streams the elements of a JSON array, buffering no more than one element, the white space before it and what arrived with it. Each
/// element is returned before anything after it is parsed, so that the elements before an error do not depend on where the buffers end. The
/// framework's own reader returns as many as happen to be buffered.
/// </summary>
internal static class JsonArrayReader
{
    // Includes the white space before an element, which does not count as its length.
    private const int MaxBuffered = 2 * NumberedJson.MaxLength;

    /// <exception cref="InvalidRequestException">The text does not begin as an array.</exception>
    /// <exception cref="JsonException">The array is not well-formed from here on, or the element just given was too long.</exception>
    public static async IAsyncEnumerable<NumberedJson> ReadAsync(
        PipeReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var state = new JsonReaderState();
        var number = 1L;
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            try
            {
                byte[]? element;
                while ((element = TakeElement(ref buffer, result.IsCompleted, ref state)) is { Length: <= NumberedJson.MaxLength })
                {
                    yield return new(number++, element);
                }

                if (element is not null || buffer.Length > MaxBuffered)
                {
                    yield return new(number, null);
                    throw new JsonException();
                }
            }
            finally
            {
                reader.AdvanceTo(buffer.Start, result.Buffer.End);
            }

            if (result.IsCompleted)
            {
                yield break;
            }
        }
    }

    /// <summary>Takes the next element from the buffer; null if none is complete, or after the last one.</summary>
    private static byte[]? TakeElement(ref ReadOnlySequence<byte> buffer, bool isLast, ref JsonReaderState state)
    {
        var reader = new Utf8JsonReader(buffer, isLast, state);
        var isComplete = true;
        byte[]? element = null;
        var (taken, takenState) = (reader.Position, reader.CurrentState);
        while (element is null && isComplete && Read(ref reader))
        {
            if (reader.CurrentDepth > 0)
            {
                var start = reader.TokenStartIndex;
                isComplete = reader.TrySkip();
                element = isComplete ? buffer.Slice(start, reader.BytesConsumed - start).ToArray() : null;
            }

            if (isComplete)
            {
                (taken, takenState) = (reader.Position, reader.CurrentState);
            }
        }

        (buffer, state) = (buffer.Slice(taken), takenState);
        return element;
    }

    /// <summary>Reads a token; the first one must begin an array.</summary>
    private static bool Read(ref Utf8JsonReader reader)
    {
        var isFirst = reader.TokenType == JsonTokenType.None;
        try
        {
            return reader.Read()
                && (isFirst && reader.TokenType != JsonTokenType.StartArray ? throw new JsonException() : true);
        }
        catch (JsonException) when (isFirst)
        {
            throw new InvalidRequestException(
                "$",
                "The body must be a JSON array; single values are sent one per line, as application/x-ndjson.",
                ProblemCodes.MalformedBody);
        }
    }
}
