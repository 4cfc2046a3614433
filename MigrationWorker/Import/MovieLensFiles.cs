using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using MovieAspire.MigrationWorker.Bulk;
using Npgsql;
using NpgsqlTypes;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>
/// MovieLens's movies: <c>318,"Shawshank Redemption, The (1994)",Crime|Drama</c>, in the sets of 1 and 10 million ratings with <c>::</c>
/// between the fields and no header.
/// </summary>
internal sealed class MovieLensMoviesFile(bool isDat = false) : SourceFile
{
    private static readonly string[] Header = ["movieId", "title", "genres"];

    public override string Pattern => isDat ? "movies.dat" : "movies.csv";

    public override string FirstLine => isDat ? "a movie, as 1::Toy Story (1995)::Animation" : $"the columns {string.Join(", ", Header)}";

    public override bool HasHeader => !isDat;

    public override ReadOnlyMemory<byte> Separator { get; } = isDat ? "::"u8.ToArray() : ","u8.ToArray();

    public override bool HasQuotes => !isDat;

    public override string Table => StagingArea.Movies;

    public override bool Begin(IReadOnlyList<string> firstLine) =>
        isDat ? firstLine.Count == Header.Length && int.TryParse(firstLine[0], out _) : firstLine.SequenceEqual(Header);

    public override string? Stage(DelimitedReader row, NpgsqlBinaryImporter staging, List<string> notes)
    {
        if (row.Count != Header.Length || !TryInteger(row[0], out var id))
        {
            return $"expected {Header.Length} fields, of which the first is a number";
        }

        var written = isDat ? Text(row[1]) : Encoding.UTF8.GetString(row[1]);
        var genres = Encoding.UTF8.GetString(row[2]);
        return StageMovie(row.Line, id, written, (genres == "(no genres listed)" ? "" : genres).Split('|'), day: null, staging, notes);
    }

    /// <summary>Stages a movie whose title ends in its year. The day is used only if it is in that year.</summary>
    public static string? StageMovie(
        long line, int id, string written, IEnumerable<string> genres, DateOnly? day, NpgsqlBinaryImporter staging, List<string> notes)
    {
        if (!MovieLensTitle.TryRead(written, out var title, out var year))
        {
            return string.IsNullOrWhiteSpace(written) ? "the title is empty" : $"no year in parentheses ends the title '{written}'";
        }

        return new MovieRow(id, title, year)
        {
            Day = day?.Year == year ? day : null,
            Genres = SourceFile.Genres(genres, notes),
        }.Stage(line, staging);
    }

    /// <summary>The older data sets are ISO 8859-1, unless somebody has converted them.</summary>
    public static string Text(ReadOnlySpan<byte> field) => (Utf8.IsValid(field) ? Encoding.UTF8 : Encoding.Latin1).GetString(field);
}

/// <summary>
/// MovieLens's links: <c>318,0111161,278</c>, the ids of a movie at IMDb, without <c>tt</c>, and at TMDB, which may be missing.
/// </summary>
internal sealed class MovieLensLinksFile : SourceFile
{
    private static readonly string[] Header = ["movieId", "imdbId", "tmdbId"];

    public override string Pattern => "links.csv";

    public override string FirstLine => $"the columns {string.Join(", ", Header)}";

    public override bool IsOptional => true;

    public override string Table => StagingArea.Links;

    public override bool Begin(IReadOnlyList<string> firstLine) => firstLine.SequenceEqual(Header);

    public override string? Stage(DelimitedReader row, NpgsqlBinaryImporter staging, List<string> notes)
    {
        if (row.Count != Header.Length || !TryInteger(row[0], out var movie))
        {
            return $"expected {Header.Length} fields, of which the first is a number";
        }

        if (!TryImdbId(row[1], out var imdbId) && !row[1].IsEmpty)
        {
            return $"the IMDb id '{Encoding.UTF8.GetString(row[1])}' is not one like 0111161";
        }

        if (!TryTmdbId(row[2], out var tmdbId) && !row[2].IsEmpty)
        {
            return $"the TMDB id '{Encoding.UTF8.GetString(row[2])}' is not a number like 278";
        }

        staging.StartRow();
        staging.Write(row.Line, NpgsqlDbType.Bigint);
        staging.Write(movie, NpgsqlDbType.Integer);
        staging.WriteOrNull(imdbId, NpgsqlDbType.Text);
        staging.WriteOrNull(tmdbId, NpgsqlDbType.Integer);
        return null;
    }
}

/// <summary>The movies of MovieLens 100k: <c>1|Toy Story (1995)|01-Jan-1995||http://…|0|0|0|1|…</c>, with a flag for each genre.</summary>
internal sealed class MovieLens100kMoviesFile : SourceFile
{
    private const int FirstGenre = 5;

    // In the order of u.genre, of which the first is none.
    private static readonly string[] GenreNames =
    [
        "", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary", "Drama", "Fantasy", "Film-Noir", "Horror",
        "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western",
    ];

    public override string Pattern => "u.item";

    public override string FirstLine => "a movie, as 1|Toy Story (1995)|01-Jan-1995||http://…|0|0|0|1 and so on";

    public override bool HasHeader => false;

    public override ReadOnlyMemory<byte> Separator { get; } = "|"u8.ToArray();

    public override bool HasQuotes => false;

    public override string Table => StagingArea.Movies;

    public override bool Begin(IReadOnlyList<string> firstLine) => firstLine.Count == FirstGenre + GenreNames.Length;

    public override string? Stage(DelimitedReader row, NpgsqlBinaryImporter staging, List<string> notes)
    {
        if (row.Count != FirstGenre + GenreNames.Length || !TryInteger(row[0], out var id))
        {
            return $"expected {FirstGenre + GenreNames.Length} fields, of which the first is a number";
        }

        var genres = new List<string>();
        for (var i = 0; i < GenreNames.Length; i++)
        {
            if (row[FirstGenre + i].SequenceEqual("1"u8))
            {
                genres.Add(GenreNames[i]);
            }
        }

        var isDay = DateOnly.TryParseExact(
            Encoding.ASCII.GetString(row[2]), "dd-MMM-yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day);
        return MovieLensMoviesFile.StageMovie(
            row.Line, id, MovieLensMoviesFile.Text(row[1]), genres, isDay ? day : null, staging, notes);
    }
}

/// <summary>
/// MovieLens's ratings: <c>1,31,2.5,1260759144</c>, from half a star to five, at a Unix time in seconds; in the older sets without a header
/// and with other separators.
/// </summary>
internal sealed class MovieLensRatingsFile(string pattern, string separator) : SourceFile
{
    // 1995, when MovieLens began, to 2100. Other numbers are not valid times.
    private const long MinTime = 788_918_400;
    private const long MaxTime = 4_102_444_800;

    private static readonly string[] Header = ["userId", "movieId", "rating", "timestamp"];

    public override string Pattern => pattern;

    public override string FirstLine => HasHeader
        ? $"the columns {string.Join(", ", Header)}"
        : $"a rating, as {string.Join(separator == "\t" ? " " : separator, 1, 31, 4, 1260759144)}";

    public override bool HasHeader => separator == ",";

    public override ReadOnlyMemory<byte> Separator { get; } = Encoding.ASCII.GetBytes(separator);

    public override bool HasQuotes => HasHeader;

    public override string Table => StagingArea.Ratings;

    public override bool Begin(IReadOnlyList<string> firstLine) => HasHeader
        ? firstLine.SequenceEqual(Header)
        : firstLine.Count == Header.Length && firstLine.All(field => double.TryParse(field, CultureInfo.InvariantCulture, out _));

    public override string? Stage(DelimitedReader row, NpgsqlBinaryImporter staging, List<string> notes)
    {
        if (row.Count != Header.Length || !TryInteger(row[0], out var user) || user < 0 || !TryInteger(row[1], out var movie))
        {
            return $"expected {Header.Length} fields, of which the first two are numbers";
        }

        if (!TryStars(row[2], out var value))
        {
            return NoStars(row[2]);
        }

        if (!Utf8Parser.TryParse(row[3], out long seconds, out var used) || used != row[3].Length || seconds is < MinTime or > MaxTime)
        {
            return $"the timestamp '{Encoding.UTF8.GetString(row[3])}' is not a time in seconds since 1970";
        }

        staging.StartRow();
        staging.Write(row.Line, NpgsqlDbType.Bigint);
        staging.Write(user, NpgsqlDbType.Integer);
        staging.Write(movie, NpgsqlDbType.Integer);
        staging.Write(value, NpgsqlDbType.Smallint);
        staging.Write(DateTime.UnixEpoch.AddSeconds(seconds), NpgsqlDbType.TimestampTz);
        return null;
    }
}
