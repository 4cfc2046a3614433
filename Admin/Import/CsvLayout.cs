using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MovieAspire.MigrationWorker.Import;

namespace MovieAspire.Admin.Import;

/// <summary>What the columns of a published file hold. The worker's import knows more of them, and takes ratings.</summary>
/// <param name="Name">In words for the user.</param>
/// <param name="Columns">Those that tell such a file from others.</param>
/// <param name="Read">Makes a movie of a row; null for a row that does not belong in this catalog, such as a series.</param>
internal sealed partial record CsvLayout(string Name, string[] Columns, Func<CsvRow, ImportedMovie?> Read)
{
    /// <summary>True where a year is all that the file tells of a movie's release.</summary>
    public bool HasOnlyYears { get; init; }

    /// <summary>True where it also holds ratings, which only the worker's import takes.</summary>
    public bool HasRatings { get; init; }

    /// <summary>IMDb's files have no quotes.</summary>
    public bool HasQuotes { get; init; } = true;

    public static IReadOnlyList<CsvLayout> All { get; } =
    [
        new("MovieLens (movies.csv)", ["movieId", "title", "genres"], ReadMovieLens) { HasOnlyYears = true },
        new("IMDb (title.basics.tsv)", ["tconst", "titleType", "primaryTitle", "isAdult", "startYear", "runtimeMinutes", "genres"], ReadImdb)
        {
            HasOnlyYears = true,
            HasQuotes = false,
        },
        new("Letterboxd (ratings.csv)", ["Name", "Year", "Letterboxd URI"],
            row => new() { Title = row["Name"], ReleaseDate = Day(row["Year"]) })
        {
            HasOnlyYears = true,
            HasRatings = true,
        },
        new("Netflix titles", ["type", "title", "release_year"], ReadNetflix) { HasOnlyYears = true },
        new("TMDB export", ["title", "release_date"], ReadTmdb),
    ];

    private static ImportedMovie ReadMovieLens(CsvRow row) => MovieLensTitle.TryRead(row["title"], out var title, out var year)
        ? new()
        {
            Title = title,
            ReleaseDate = Day(year.ToString("0000", CultureInfo.InvariantCulture)),
            Genres = row["genres"] == "(no genres listed)" ? [] : Names(row["genres"]),
        }
        : throw new FormatException($"No year in parentheses ends the title '{row["title"]}'.");

    private static ImportedMovie? ReadImdb(CsvRow row) => row["titleType"] != "movie" || row["isAdult"] == "1" ? null : new()
    {
        Title = Known(row["primaryTitle"]),
        ReleaseDate = Day(Known(row["startYear"])),
        RuntimeMinutes = Number(Known(row["runtimeMinutes"])),
        Genres = Names(Known(row["genres"])),
        ImdbId = row["tconst"],
    };

    private static ImportedMovie? ReadNetflix(CsvRow row) => row["type"] != "Movie" ? null : new()
    {
        Title = row["title"],
        ReleaseDate = Day(row["release_year"]),
        Director = Text(row["director"]),
        MpaaRating = Mpaa(row["rating"]),
        RuntimeMinutes = Number(row["duration"]),
        Genres = Names(row["listed_in"]),
    };

    private static ImportedMovie? ReadTmdb(CsvRow row) =>
        row["adult"].Equals("true", StringComparison.OrdinalIgnoreCase) ? null : new()
        {
            Title = row["title"],
            ReleaseDate = Day(row["release_date"]),
            RuntimeMinutes = Number(row["runtime"]),
            Genres = Names(row["genres"]),
            Budget = Number(row["budget"]),
            WorldwideGross = Number(row["revenue"]),
            ImdbId = Text(row["imdb_id"]),
            TmdbId = Number(row["id"]),
        };

    private static string Known(string text) => text == @"\N" ? "" : text;

    private static string? Text(string text) => text.Length == 0 ? null : text;

    /// <summary>A day, or the first one of a year or month. Other text is passed on, for the API to refuse.</summary>
    private static string Day(string text) =>
        text.Length == 0 ? throw new FormatException("The year of its release is not known.")
        : Year().IsMatch(text) ? $"{text}-01-01"
        : Month().IsMatch(text) ? $"{text}-01"
        : text;

    /// <summary>A number as spreadsheets and Netflix write it; 0 means unknown. Other text is passed on, for the API to refuse.</summary>
    private static JsonValue? Number(string text)
    {
        var digits = text.EndsWith(" min", StringComparison.Ordinal) ? text[..^4] : text;
        return decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue
            ? number == 0 ? null : JsonValue.Create((long)number)
            : digits.Length == 0 ? null : JsonValue.Create(text);
    }

    /// <summary>Other values are those of television.</summary>
    private static string? Mpaa(string text) => text switch
    {
        "G" or "PG" or "PG-13" or "R" or "NC-17" => text,
        "NR" or "UR" => "Not Rated",
        _ => null,
    };

    /// <summary><c>Drama, Crime</c>, <c>Drama|Crime</c> or a list of objects, each with its name.</summary>
    private static string[] Names(string text)
    {
        var names = text.StartsWith('[')
            ? NameOfGenre().Matches(text).Select(match => match.Groups["name"].Value)
            : text.Split(text.Contains('|', StringComparison.Ordinal) ? '|' : ',');
        return [.. names.Select(name => name.Trim()).Where(name => name.Length > 0).Distinct(StringComparer.InvariantCultureIgnoreCase)];
    }

    [GeneratedRegex("^[0-9]{4}$")]
    private static partial Regex Year();

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}$")]
    private static partial Regex Month();

    [GeneratedRegex("""['"]name['"]\s*:\s*(?<quote>['"])(?<name>.*?)\k<quote>""")]
    private static partial Regex NameOfGenre();
}

/// <summary>A row, whose fields go by the names of their columns.</summary>
internal sealed class CsvRow(IReadOnlyDictionary<string, int> columns, Func<int, string> field)
{
    /// <summary>Empty where the file has no such column.</summary>
    public string this[string column] => columns.TryGetValue(column, out var position) ? field(position).Trim() : "";
}

/// <summary>A movie in the format of the API's import. Invalid numbers are passed on as text, so that the API says what it takes.</summary>
internal sealed record ImportedMovie
{
    public required string Title { get; init; }

    public required string ReleaseDate { get; init; }

    public JsonValue? RuntimeMinutes { get; init; }

    public string? MpaaRating { get; init; }

    public string? Director { get; init; }

    public JsonValue? Budget { get; init; }

    public JsonValue? WorldwideGross { get; init; }

    public string? ImdbId { get; init; }

    public JsonValue? TmdbId { get; init; }

    public string[] Genres { get; init; } = [];
}
