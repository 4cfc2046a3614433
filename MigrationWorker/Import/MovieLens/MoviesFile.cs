using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Import.Staging;

namespace MovieAspire.MigrationWorker.Import.MovieLens;

/// <summary>MovieLens's films: <c>318,"Shawshank Redemption, The (1994)",Crime|Drama</c>.</summary>
internal sealed partial class MoviesFile : SourceFile
{
    public const string Table = $"{StagingArea.Schema}.movielens_films";

    public override string Name => "movies.csv";

    public override string[] Header => ["movieId", "title", "genres"];

    public override (string Table, string Columns) Staging =>
        (Table, "id integer NOT NULL, title text NOT NULL, year integer NOT NULL, genres text");

    public override string? Stage(DelimitedReader row, CopyWriter staging)
    {
        if (row.Count != Header.Length || !FieldReader.TryInteger(row[0], out var id))
        {
            return $"expected {Header.Length} fields, of which the first is a number";
        }

        if (FieldReader.CheckTitle(row[1]) is { } titleProblem)
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
        if ((FieldReader.CheckYear(year) ?? (hasGenres ? FieldReader.CheckGenres(row[2], (byte)'|') : null)) is { } problem)
        {
            return problem;
        }

        staging.BeginRow(5);
        staging.Int64(row.Line);
        staging.Int32(id);
        staging.Value(Encoding.UTF8.GetBytes(TrailingArticle().Replace(match.Groups["title"].Value, "$2 $1")));
        staging.Int32(year);
        staging.ValueOrNull(hasGenres, row[2]);
        return null;
    }

    [GeneratedRegex(@"^\s*(?<title>\S.*?)\s*\((?<year>[0-9]{4})\)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex TitleAndYear();

    // "Shawshank Redemption, The"; another title may follow in parentheses.
    [GeneratedRegex(@"^(.+?), (The|An?)(?=$| \()", RegexOptions.CultureInvariant)]
    private static partial Regex TrailingArticle();
}
