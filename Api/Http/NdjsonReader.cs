using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace MovieAspire.Api.Http;

/// <summary>One of many JSON values: a line, or an element of an array.</summary>
/// <param name="Number">Counted from 1, blank lines included.</param>
/// <param name="Content">In UTF-8; null when it is longer than <see cref="MaxLength"/>.</param>
internal readonly record struct NumberedJson(long Number, byte[]? Content)
{
    /// <summary>In bytes.</summary>
    public const int MaxLength = 64 * 1024;
}

/// <summary>Streams newline-delimited JSON, buffering no more than one line and what arrived with it.</summary>
internal static class NdjsonReader
{
    public static async IAsyncEnumerable<NumberedJson> ReadAsync(
        PipeReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long number = 0;
        var tooLong = false;
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            try
            {
                while (TakeLine(ref buffer, result.IsCompleted, out var line))
                {
                    number++;
                    if (tooLong || line.Length > NumberedJson.MaxLength)
                    {
                        yield return new(number, null);
                    }
                    else if (!IsBlank(line))
                    {
                        yield return new(number, line.ToArray());
                    }

                    tooLong = false;
                }

                if (buffer.Length > NumberedJson.MaxLength)
                {
                    // The line is too long: discard it as it arrives, up to its end.
                    tooLong = true;
                    buffer = buffer.Slice(buffer.End);
                }
            }
            finally
            {
                // Complete the reader after the end, too: otherwise the server cannot reuse the connection.
                reader.AdvanceTo(buffer.Start, result.Buffer.End);
            }

            if (result.IsCompleted)
            {
                yield break;
            }
        }
    }

    private static bool TakeLine(ref ReadOnlySequence<byte> buffer, bool isLast, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is { } end)
        {
            line = buffer.Slice(0, end);
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            return true;
        }

        // The last line may end without a newline.
        line = buffer;
        buffer = buffer.Slice(buffer.End);
        if (isLast)
        {
            return line.Length > 0;
        }

        buffer = line;
        return false;
    }

    private static bool IsBlank(ReadOnlySequence<byte> line)
    {
        foreach (var segment in line)
        {
            if (segment.Span.ContainsAnyExcept(" \t\r"u8))
            {
                return false;
            }
        }

        return true;
    }
}
