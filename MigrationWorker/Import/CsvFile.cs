using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MovieAspire.Data;
using Npgsql;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>A CSV file of movies, recognized by its columns, which may be in any order and among others.</summary>
internal sealed partial class CsvFile(string pattern, CsvColumns columns) : SourceFile
{
    private readonly Dictionary<string, int> _positions = new(StringComparer.OrdinalIgnoreCase);
    private int _count;

    public override string Pattern => pattern;

    public override string FirstLine => $"the columns {string.Join(", ", columns.Required)}";

    public override bool IsDiary => columns.WatchedOn is { } watchedOn && _positions.ContainsKey(watchedOn);

    public override string Table => StagingArea.Movies;

    public override bool Begin(IReadOnlyList<string> firstLine)
    {
        _positions.Clear();
        _count = firstLine.Count;
        for (var i = 0; i < _count; i++)
        {
            _positions.TryAdd(firstLine[i].Trim(), i);
        }

        return columns.Required.All(_positions.ContainsKey);
    }

    public override string? Stage(DelimitedReader row, NpgsqlBinaryImporter staging, List<string> notes)
    {
        if (row.Count != _count)
        {
            return $"expected {_count} fields, found {row.Count}";
        }

        if (columns.Only is { } only && !string.Equals(Text(only.Column), only.Value, StringComparison.OrdinalIgnoreCase)
            || string.Equals(Text(columns.IsAdult), "true", StringComparison.OrdinalIgnoreCase))
        {
            return Skipped;
        }

        var (written, day) = (Text(columns.Released), (DateOnly?)null);
        if (DateOnly.TryParseExact(written, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var exact))
        {
            day = exact;
        }
        else if (!YearOrMonth().IsMatch(written))
        {
            return written.Length == 0 ? "the year is not known" : $"'{written}' is neither a day like 1995-12-15 nor a year";
        }

        short rating = 0;
        if (Text(columns.Stars) is { Length: > 0 } stars && !TryStars(Encoding.UTF8.GetBytes(stars), out rating))
        {
            return NoStars(Encoding.UTF8.GetBytes(stars));
        }

        var (runtime, mpaaRating) = (Text(columns.Runtime), Text(columns.MpaaRating));
        if (runtime.Length == 0 && NumberOfMinutes().IsMatch(mpaaRating))
        {
            // As in three lines of Netflix's published file.
            notes.Add($"the rating '{mpaaRating}' is taken as the running time, which is empty");
            runtime = mpaaRating;
        }

        var isRatedOn = DateTime.TryParseExact(
            Text(columns.RatedOn), "yyyy-MM-dd", CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var ratedOn);
        return new MovieRow(checked((int)row.Line), Text(columns.Title), int.Parse(written.AsSpan(0, 4), CultureInfo.InvariantCulture))
        {
            Day = day,
            Runtime = Minutes(runtime, notes),
            Genres = Genres(GenreNames(Text(columns.Genres)), notes),
            Director = Line("director", Text(columns.Director), Limits.PersonName, notes),
            MpaaRating = Mpaa(mpaaRating),
            Budget = Dollars("budget", Text(columns.Budget), notes),
            WorldwideGross = Dollars("gross", Text(columns.WorldwideGross), notes),
            ImdbId = ImdbId(Text(columns.ImdbId), notes),
            TmdbId = TmdbId(Text(columns.TmdbId), notes),
            Rating = rating == 0 ? null : rating,
            RatedAt = isRatedOn ? ratedOn : null,
        }.Stage(row.Line, staging);

        string Text(string? column) =>
            column is not null && _positions.TryGetValue(column, out var position) ? Encoding.UTF8.GetString(row[position]).Trim() : "";
    }

    // "Drama, Crime", "Drama|Crime" or a list of objects with names.
    private static IEnumerable<string> GenreNames(string text) => text.StartsWith('[')
        ? NameOfGenre().Matches(text).Select(match => match.Groups["name"].Value)
        : text.Split(text.Contains('|', StringComparison.Ordinal) ? '|' : ',');

    // Other values are for television.
    private static string? Mpaa(string text) => text is "NR" or "UR"
        ? "Not Rated"
        : Limits.MpaaRatings.FirstOrDefault(rating => rating.Equals(text, StringComparison.OrdinalIgnoreCase));

    private static long? Dollars(string what, string text, List<string> notes)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dollars)
            && dollars <= long.MaxValue)
        {
            return dollars == 0 ? null : (long)dollars;
        }

        notes.Add($"the {what} '{text}' is not a number of dollars; imported without it");
        return null;
    }

    private static string? ImdbId(string text, List<string> notes)
    {
        if (!TryImdbId(Encoding.UTF8.GetBytes(text), out var id) && text.Length > 0)
        {
            notes.Add($"the IMDb id '{text}' is not one like tt0111161; imported without it");
        }

        return id;
    }

    private static int? TmdbId(string text, List<string> notes)
    {
        if (!TryTmdbId(Encoding.UTF8.GetBytes(text), out var id) && text.Length > 0)
        {
            notes.Add($"the TMDB id '{text}' is not a number; imported without it");
        }

        return id;
    }

    [GeneratedRegex("^[0-9]{4}(-[0-9]{2})?$")]
    private static partial Regex YearOrMonth();

    [GeneratedRegex("^[0-9]+ min$")]
    private static partial Regex NumberOfMinutes();

    [GeneratedRegex("""['"]name['"]\s*:\s*(?<quote>['"])(?<name>.*?)\k<quote>""")]
    private static partial Regex NameOfGenre();
}

/// <summary>The meaning of a CSV file's columns.</summary>
internal sealed record CsvColumns
{
    public required string Title { get; init; }

    /// <summary>A day or a year.</summary>
    public required string Released { get; init; }

    public string? Runtime { get; init; }

    public string? Genres { get; init; }

    public string? Director { get; init; }

    public string? MpaaRating { get; init; }

    public string? Budget { get; init; }

    public string? WorldwideGross { get; init; }

    public string? ImdbId { get; init; }

    public string? TmdbId { get; init; }

    /// <summary>The file owner's rating, in stars.</summary>
    public string? Stars { get; init; }

    public string? RatedOn { get; init; }

    /// <summary>Where there is such a column, the file is a diary.</summary>
    public string? WatchedOn { get; init; }

    /// <summary>Rows with another value are skipped.</summary>
    public (string Column, string Value)? Only { get; init; }

    /// <summary>Rows where it is true are skipped.</summary>
    public string? IsAdult { get; init; }

    /// <summary>The columns by which such a file is recognized.</summary>
    public IEnumerable<string> Required => Only is { } only ? [only.Column, Title, Released] : [Title, Released];
}
