using System.Buffers.Text;
using System.Globalization;
using System.Text;
using MovieAspire.Data;
using MovieAspire.MigrationWorker.Bulk;
using Npgsql;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>A file of a published data set, and how its rows are staged.</summary>
internal abstract class SourceFile
{
    /// <summary>The result of <see cref="Stage"/> for a row that the import skips on purpose.</summary>
    public const string Skipped = "";

    /// <summary>Its published name without <c>.gz</c>, or <c>*.csv</c> if it is recognized by its columns.</summary>
    public abstract string Pattern { get; }

    /// <summary>Describes the first line, for messages.</summary>
    public abstract string FirstLine { get; }

    /// <summary>Whether the first line names the columns.</summary>
    public virtual bool HasHeader => true;

    public virtual ReadOnlyMemory<byte> Separator { get; } = ","u8.ToArray();

    public virtual bool HasQuotes => true;

    /// <summary>Whether the data set is complete without it.</summary>
    public virtual bool IsOptional => false;

    /// <summary>Whether a movie has a row for each time that it was watched.</summary>
    public virtual bool IsDiary => false;

    /// <summary>The staging table that <see cref="Stage"/> writes to.</summary>
    public abstract string Table { get; }

    /// <summary>Parses the header; false if it is not that of such a file.</summary>
    public abstract bool Begin(IReadOnlyList<string> firstLine);

    /// <summary>
    /// Writes a row to the staging table, or returns the reason why not. <paramref name="notes"/> gets the values that were left out.
    /// </summary>
    public abstract string? Stage(DelimitedReader row, NpgsqlBinaryImporter staging, List<string> notes);

    /// <summary>Whether a file has the right first line.</summary>
    public async Task<bool> BeginAsync(InputFile file, CancellationToken cancellationToken)
    {
        using var rows = new DelimitedReader(new MemoryStream(file.Head.ToArray()), Separator, HasQuotes);
        return await rows.ReadAsync(cancellationToken) && rows.Problem is null
            && Begin([.. Enumerable.Range(0, rows.Count).Select(i => Encoding.UTF8.GetString(rows[i]))]);
    }

    /// <summary>Reads a whole number, to its last character.</summary>
    protected static bool TryInteger(ReadOnlySpan<byte> field, out int value) =>
        Utf8Parser.TryParse(field, out value, out var used) && used == field.Length;

    /// <summary>Reads a number of IMDb such as <c>tt0111161</c>, <c>0111161</c> or <c>111161</c>, and gives it as IMDb writes it.</summary>
    protected static bool TryImdbId(ReadOnlySpan<byte> field, out string? id)
    {
        var digits = field.StartsWith("tt"u8) ? field[2..] : field;
        var isId = digits.Length is > 0 and <= Limits.ImdbId - 2 && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && digits.ContainsAnyExcept((byte)'0');
        id = isId ? "tt" + Encoding.ASCII.GetString(digits.TrimStart((byte)'0')).PadLeft(7, '0') : null;
        return isId;
    }

    /// <summary>Reads a number of TMDB such as <c>278</c>, or <c>278.0</c> as spreadsheets write it beside empty ones.</summary>
    protected static bool TryTmdbId(ReadOnlySpan<byte> field, out int? id)
    {
        var isId = TryInteger(field.EndsWith(".0"u8) ? field[..^2] : field, out var number) && number > 0;
        id = isId ? number : null;
        return isId;
    }

    /// <summary>Reads half a star to five as 1 to 10.</summary>
    protected static bool TryStars(ReadOnlySpan<byte> field, out short value)
    {
        var isRating = Utf8Parser.TryParse(field, out decimal stars, out var used) && used == field.Length
            && stars is >= 0.5m and <= 5m && stars * 2 % 1 == 0;
        value = isRating ? (short)(stars * 2) : default;
        return isRating;
    }

    protected static string NoStars(ReadOnlySpan<byte> field) =>
        $"the rating '{Encoding.UTF8.GetString(field)}' is not one from 0.5 to 5.0 in halves";

    /// <summary>Reads a number of minutes such as <c>142</c>, <c>142.0</c> or <c>142 min</c>; 0 is not known.</summary>
    protected static int? Minutes(string text, List<string> notes)
    {
        if (text.Length == 0)
        {
            return null;
        }

        var number = text.EndsWith(" min", StringComparison.Ordinal) ? text[..^4] : text;
        if (decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var minutes)
            && minutes is 0 or (>= Limits.MinRuntime and <= Limits.MaxRuntime))
        {
            return minutes == 0 ? null : (int)minutes;
        }

        notes.Add($"the running time '{text}' is not from {Limits.MinRuntime} to {Limits.MaxRuntime} minutes; imported without it");
        return null;
    }

    /// <summary>The distinct genres that can be stored.</summary>
    public static string[] Genres(IEnumerable<string> names, List<string> notes) =>
        [.. names
            .Select(name => Line("genre", name, Limits.GenreName, notes))
            .OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>An optional line of text; null if it is missing or cannot be stored.</summary>
    protected static string? Line(string what, string text, int limit, List<string> notes)
    {
        text = PlainText.NormalizeLine(text);
        if (!PlainText.IsVisible(text))
        {
            return null;
        }

        var problem = text.EnumerateRunes().Count() > limit ? $"has more than {limit} characters"
            : PlainText.FindRefused(text) is not null ? "has a control or format character"
            : text.Contains('\uFFFD', StringComparison.Ordinal) ? "is not valid UTF-8"
            : null;
        if (problem is not null)
        {
            notes.Add($"the {what} '{text}' {problem}; imported without it");
        }

        return problem is null ? text : null;
    }
}
