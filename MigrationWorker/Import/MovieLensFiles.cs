using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>MovieLens's movies: <c>318,"Shawshank Redemption, The (1994)",Crime|Drama</c>.</summary>
internal sealed partial class MovieLensMoviesFile : SourceFile
{
    public const string Table = $"{StagingArea.Schema}.movielens_movies";

    public override string Name => "movies.csv";

    public override string[] Header => ["movieId", "title", "genres"];

    public override (string Table, string Columns) Staging =>
        (Table, "id integer NOT NULL, title text NOT NULL, year integer NOT NULL, genres text");

    public override string? Stage(DelimitedReader row, NpgsqlBinaryImporter staging)
    {
        if (row.Count != Header.Length || !TryInteger(row[0], out var id))
        {
            return $"expected {Header.Length} fields, of which the first is a number";
        }

        if (CheckTitle(row[1]) is { } titleProblem)
        {
            return titleProblem;
        }

        var written = Encoding.UTF8.GetString(row[1]);
        if (TitleAndYear().Match(written) is not { Success: true } match)
        {
            return $"no year in parentheses ends the title '{written}'";
        }

        var year = int.Parse(match.Groups["year"].ValueSpan, CultureInfo.InvariantCulture);
        var hasGenres = !row[2].SequenceEqual("(no genres listed)"u8);
        if ((CheckYear(year) ?? (hasGenres ? CheckGenres(row[2], (byte)'|') : null)) is { } problem)
        {
            return problem;
        }

        staging.StartRow();
        staging.Write(row.Line, NpgsqlDbType.Bigint);
        staging.Write(id, NpgsqlDbType.Integer);
        staging.Write(TrailingArticle().Replace(match.Groups["title"].Value, "$2 $1"), NpgsqlDbType.Text);
        staging.Write(year, NpgsqlDbType.Integer);
        WriteTextOrNull(staging, hasGenres, row.Memory(2));
        return null;
    }

    [GeneratedRegex(@"^\s*(?<title>\S.*?)\s*\((?<year>[0-9]{4})\)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex TitleAndYear();

    // "Shawshank Redemption, The"; another title may follow in parentheses.
    [GeneratedRegex(@"^(.+?), (The|An?)(?=$| \()", RegexOptions.CultureInvariant)]
    private static partial Regex TrailingArticle();
}

/// <summary>MovieLens's ratings: <c>1,31,2.5,1260759144</c>, from half a star to five, at a Unix time in seconds.</summary>
internal sealed class MovieLensRatingsFile : SourceFile
{
    public const string Table = $"{StagingArea.Schema}.movielens_ratings";

    // 1995, when MovieLens began, to 2100: outside of it the number is no time.
    private const long MinTime = 788_918_400;
    private const long MaxTime = 4_102_444_800;

    public override string Name => "ratings.csv";

    public override string[] Header => ["userId", "movieId", "rating", "timestamp"];

    public override (string Table, string Columns) Staging =>
        (Table, "user_id integer NOT NULL, movie_id integer NOT NULL, value smallint NOT NULL, at timestamptz NOT NULL");

    public override string? Stage(DelimitedReader row, NpgsqlBinaryImporter staging)
    {
        if (row.Count != Header.Length || !TryInteger(row[0], out var user) || user < 0 || !TryInteger(row[1], out var movie))
        {
            return $"expected {Header.Length} fields, of which the first two are numbers";
        }

        if (!Utf8Parser.TryParse(row[2], out decimal stars, out var used) || used != row[2].Length
            || stars is < 0.5m or > 5m || stars * 2 % 1 != 0)
        {
            return $"the rating '{Encoding.UTF8.GetString(row[2])}' is not one from 0.5 to 5.0 in halves";
        }

        if (!Utf8Parser.TryParse(row[3], out long seconds, out used) || used != row[3].Length || seconds is < MinTime or > MaxTime)
        {
            return $"the timestamp '{Encoding.UTF8.GetString(row[3])}' is not a time in seconds since 1970";
        }

        staging.StartRow();
        staging.Write(row.Line, NpgsqlDbType.Bigint);
        staging.Write(user, NpgsqlDbType.Integer);
        staging.Write(movie, NpgsqlDbType.Integer);
        staging.Write((short)(stars * 2), NpgsqlDbType.Smallint);
        staging.Write(DateTime.UnixEpoch.AddSeconds(seconds), NpgsqlDbType.TimestampTz);
        return null;
    }
}
