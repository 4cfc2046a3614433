using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CsvHelper;
using CsvHelper.Configuration;

namespace MovieAspire.Admin.Import;

/// <summary>A file of movies as it comes from a browser, told by how it begins. However long it is, a piece of it is in memory.</summary>
internal sealed class ImportFile
{
    private const string Worker = "Whoever runs the server can import it, together with the data set's other files.";

    private const int HeadLength = 64 * 1024;

    /// <summary>A field that is longer is a quote that nobody closed.</summary>
    private const int MaxField = 256 * 1024;

    private static readonly JsonSerializerOptions MovieJson =
        new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private static readonly (string[] Columns, string Message)[] OtherFiles =
    [
        (["userId", "movieId", "rating", "timestamp"], $"This file holds ratings of MovieLens, and this page imports movies. {Worker}"),
        (["movieId", "imdbId", "tmdbId"], $"This file holds MovieLens' links, which mean nothing without its movies. {Worker}"),
        (["tconst", "averageRating", "numVotes"], $"This file holds IMDb's scores, which mean nothing without its titles. {Worker}"),
    ];

    private readonly Stream _content;
    private readonly char _separator;

    private ImportFile(string name, string contentType, Stream content, CsvLayout? layout = null, char separator = ',') =>
        (Name, ContentType, _content, Layout, _separator) = (name, contentType, content, layout, separator);

    /// <summary>What it is, in words for the user.</summary>
    public string Name { get; }

    /// <summary>What the API gets.</summary>
    public string ContentType { get; }

    /// <summary>Of a file of columns; null for JSON, which the API reads itself.</summary>
    public CsvLayout? Layout { get; }

    private bool IsArray => Layout is null && ContentType == "application/json";

    /// <exception cref="UnknownFileException">It is no file of movies that can be read here.</exception>
    public static async Task<ImportFile> OpenAsync(Stream stream, CancellationToken cancellationToken)
    {
        var (head, content) = await PeekAsync(stream, cancellationToken);
        if (head.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
        {
            (head, content) = await PeekAsync(new GZipStream(content, CompressionMode.Decompress), cancellationToken);
        }

        return Recognize(head, content);
    }

    /// <summary>
    /// Writes what the API takes, each movie on the line that it has in the file, and tells of rows that are not for the catalog. In place of
    /// a row that cannot be read, the API gets what it rejects, too, so that it counts and records all that is wrong with the file.
    /// </summary>
    public Task WriteAsync(Stream body, Action<RejectedLine> reject, Action skip, CancellationToken cancellationToken) => Layout is null
        ? _content.CopyToAsync(body, cancellationToken)
        : WriteRowsAsync(body, reject, skip, cancellationToken);

    /// <summary>Writes a file of the same format with nothing but these lines, or elements of an array.</summary>
    public Task WriteOnlyAsync(IReadOnlySet<long> lines, Stream body, CancellationToken cancellationToken) =>
        Layout is not null ? WriteOnlyRowsAsync(lines, body, cancellationToken)
        : IsArray ? WriteOnlyElementsAsync(lines, body, cancellationToken)
        : WriteOnlyLinesAsync(lines, body, cancellationToken);

    private static ImportFile Recognize(byte[] head, Stream content)
    {
        if (head is [(byte)'P', (byte)'K', 3 or 5, ..])
        {
            throw new UnknownFileException("This is an archive or a spreadsheet. Unpack the archive, or save the spreadsheet as CSV in UTF-8.");
        }

        if (head is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            throw new UnknownFileException("This is no text in UTF-8. A spreadsheet program can save it as “CSV UTF-8”.");
        }

        if (head.Contains((byte)0))
        {
            throw new UnknownFileException("This is not a text file; it may be a picture, a program or a database. Choose a file of movies.");
        }

        var text = Encoding.UTF8.GetString(head).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        var first = text.Split('\n')[0].TrimEnd('\r');
        return text switch
        {
            "" => throw new UnknownFileException("The file is empty."),
            ['[', ..] => new("JSON, an array of movies", "application/json", content),
            ['{', ..] when first.Trim() == "{" => throw new UnknownFileException(
                "A file of JSON holds an array of movies, [{ … }, { … }], or one movie on each line."),
            ['{', ..] => new("JSON, a movie on each line", "application/x-ndjson", content),
            _ => RecognizeColumns(first, content),
        };
    }

    private static ImportFile RecognizeColumns(string first, Stream content)
    {
        var separator = ",\t;".MaxBy(candidate => first.Count(c => c == candidate));
        using var parser = new CsvParser(new StringReader(first), Configuration(separator, hasQuotes: true));
        string[] columns = parser.Read() ? [.. parser.Record!.Select(name => name.Trim())] : [];
        if (CsvLayout.All.FirstOrDefault(layout => Has(layout.Columns)) is { } layout)
        {
            return new(layout.Name, "application/x-ndjson", content, layout, separator);
        }

        if (OtherFiles.FirstOrDefault(file => Has(file.Columns)) is { Message: { } message })
        {
            throw new UnknownFileException(message);
        }

        if (first.Contains("::", StringComparison.Ordinal) || first.Count(c => c == '|') > 20)
        {
            throw new UnknownFileException($"This looks like a file of MovieLens without names of columns. {Worker}");
        }

        var known = string.Join("; ", CsvLayout.All.Select(layout => $"{layout.Name}: {string.Join(", ", layout.Columns)}"));
        throw new UnknownFileException(
            $"Its first line names none of the sets of columns that are known here. These are, in any order and among others: {known}.");

        bool Has(string[] names) => names.All(name => columns.Contains(name, StringComparer.Ordinal));
    }

    private static async Task<(byte[] Head, Stream Content)> PeekAsync(Stream stream, CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream, new(leaveOpen: true));
        try
        {
            var result = await reader.ReadAtLeastAsync(HeadLength, cancellationToken);
            var head = result.Buffer.Slice(0, Math.Min(HeadLength, result.Buffer.Length)).ToArray();
            reader.AdvanceTo(result.Buffer.Start);
            return (head, reader.AsStream());
        }
        catch (InvalidDataException)
        {
            throw new UnknownFileException("The packed file is damaged.");
        }
    }

    private static CsvConfiguration Configuration(char separator, bool hasQuotes) => new(CultureInfo.InvariantCulture)
    {
        Delimiter = separator.ToString(),
        Mode = hasQuotes ? CsvMode.RFC4180 : CsvMode.NoEscape,
        BadDataFound = null,
        MaxFieldSize = MaxField,
    };

    private async IAsyncEnumerable<(long Line, string Raw, CsvRow? Row)> ReadRowsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(_content, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024);
        using var parser = new CsvParser(reader, Configuration(_separator, Layout!.HasQuotes));
        IReadOnlyDictionary<string, int>? columns = null;
        var count = 0;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var line = parser.RawRow + 1L;
            try
            {
                if (!await parser.ReadAsync())
                {
                    yield break;
                }
            }
            catch (MaxFieldSizeException)
            {
                line = -line;
            }

            if (line < 0)
            {
                // The rest would be read as one field.
                yield return (-line, "", null);
                yield break;
            }

            var raw = parser.RawRecord;
            // Blank lines before it count, line breaks in quotes do not.
            line = parser.RawRow - raw.AsSpan().TrimEnd("\r\n").Count('\n');
            if (columns is null)
            {
                count = parser.Count;
                columns = parser.Record!.Select((name, position) => (Name: name.Trim(), position))
                    .DistinctBy(column => column.Name).ToDictionary(column => column.Name, column => column.position, StringComparer.Ordinal);
                yield return (line, raw, new(columns, position => parser[position]));
            }
            else
            {
                yield return (line, raw, parser.Count == count ? new(columns, position => parser[position]) : null);
            }
        }
    }

    private async Task WriteRowsAsync(Stream body, Action<RejectedLine> reject, Action skip, CancellationToken cancellationToken)
    {
        var written = 0L;
        var buffer = new ArrayBufferWriter<byte>(HeadLength);
        await using var json = new Utf8JsonWriter(buffer);
        var isHeader = true;
        await foreach (var (line, raw, row) in ReadRowsAsync(cancellationToken))
        {
            if (isHeader)
            {
                isHeader = false;
                continue;
            }

            if (row is null)
            {
                Reject(line, raw.Length == 0
                    ? "A quote is not closed from here on; the rest of the file was not read."
                    : "It does not have as many fields as there are columns. A quote or a separator may be missing, or be too much.");
            }
            else
            {
                try
                {
                    if (Layout!.Read(row) is { } movie)
                    {
                        Write(line, movie);
                    }
                    else
                    {
                        skip();
                    }
                }
                catch (FormatException e)
                {
                    Reject(line, e.Message);
                }
            }

            if (buffer.WrittenCount > HeadLength / 2)
            {
                await body.WriteAsync(buffer.WrittenMemory, cancellationToken);
                buffer.ResetWrittenCount();
            }
        }

        await body.WriteAsync(buffer.WrittenMemory, cancellationToken);

        void Reject(long line, string reason)
        {
            reject(new(line, "$", reason));
            Write(line, null);
        }

        void Write(long line, ImportedMovie? movie)
        {
            // Empty lines, which the API counts and does not read, so that its numbers are those of the file.
            for (; written < line - 1; written++)
            {
                buffer.Write("\n"u8);
            }

            json.Reset();
            JsonSerializer.Serialize(json, movie, MovieJson);
            buffer.Write("\n"u8);
            written++;
        }
    }

    private async Task WriteOnlyRowsAsync(IReadOnlySet<long> lines, Stream body, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        var isHeader = true;
        await foreach (var (line, raw, _) in ReadRowsAsync(cancellationToken))
        {
            if (isHeader || lines.Contains(line))
            {
                await writer.WriteAsync(raw.EndsWith('\n') ? raw : raw + "\n");
            }

            isHeader = false;
        }
    }

    private async Task WriteOnlyElementsAsync(IReadOnlySet<long> lines, Stream body, CancellationToken cancellationToken)
    {
        await body.WriteAsync("["u8.ToArray(), cancellationToken);
        var (number, isFirst) = (0L, true);
        try
        {
            await foreach (var element in JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(_content, MovieJson, cancellationToken))
            {
                if (lines.Contains(++number))
                {
                    await body.WriteAsync(Encoding.UTF8.GetBytes((isFirst ? "\n" : ",\n") + element.GetRawText()), cancellationToken);
                    isFirst = false;
                }
            }
        }
        catch (JsonException)
        {
            // The rest cannot be parsed; the user still has the whole file.
        }

        await body.WriteAsync("\n]\n"u8.ToArray(), cancellationToken);
    }

    // Not line by line: a single line can be as long as the file.
    private async Task WriteOnlyLinesAsync(IReadOnlySet<long> lines, Stream body, CancellationToken cancellationToken)
    {
        var buffer = new byte[HeadLength];
        var line = 1L;
        for (int read; (read = await _content.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            for (var start = 0; start < read;)
            {
                var length = buffer.AsSpan(start, read - start).IndexOf((byte)'\n') + 1;
                var end = length == 0 ? read : start + length;
                if (lines.Contains(line))
                {
                    await body.WriteAsync(buffer.AsMemory(start..end), cancellationToken);
                }

                line += length == 0 ? 0 : 1;
                start = end;
            }
        }
    }
}

/// <summary>The file cannot be imported; the message says why, and what to do.</summary>
internal sealed class UnknownFileException(string message) : Exception(message);
