using System.Buffers.Text;
using System.Text;
using MovieAspire.Data;
using Npgsql;
using NpgsqlTypes;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>A file of IMDb: tabs, no quotes, and <c>\N</c> for unknown values.</summary>
internal abstract class ImdbFile : SourceFile
{
    public override string FirstLine => $"the columns {string.Join(", ", Header)}";

    public override ReadOnlyMemory<byte> Separator { get; } = "\t"u8.ToArray();

    public override bool HasQuotes => false;

    protected abstract string[] Header { get; }

    public override bool Begin(IReadOnlyList<string> firstLine) => firstLine.SequenceEqual(Header);

    protected const string Unknown = @"\N";

    protected static bool IsKnown(ReadOnlySpan<byte> field) => !field.SequenceEqual(@"\N"u8);

    protected static string Text(ReadOnlySpan<byte> field) => IsKnown(field) ? Encoding.UTF8.GetString(field) : "";

    /// <summary>Reads the number of a title like <c>tt0111161</c>.</summary>
    protected static bool TryNumber(ReadOnlySpan<byte> tconst, out int number)
    {
        number = 0;
        return tconst.StartsWith("tt"u8) && !tconst[2..].ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && TryInteger(tconst[2..], out number);
    }
}

/// <summary>IMDb's titles, of which the movies without adult content are imported: <c>tt0111161 movie … 1994 \N 142 Drama</c>.</summary>
internal sealed class ImdbTitlesFile : ImdbFile
{
    public override string Pattern => "title.basics.tsv";

    public override string Table => StagingArea.Movies;

    protected override string[] Header { get; } =
        ["tconst", "titleType", "primaryTitle", "originalTitle", "isAdult", "startYear", "endYear", "runtimeMinutes", "genres"];

    public override string? Stage(DelimitedReader row, NpgsqlBinaryImporter staging, List<string> notes)
    {
        if (row.Count != Header.Length)
        {
            return $"expected {Header.Length} fields, found {row.Count}";
        }

        if (!row[1].SequenceEqual("movie"u8) || row[4].SequenceEqual("1"u8))
        {
            return Skipped;
        }

        if (IsKnown(row[4]) && !row[4].SequenceEqual("0"u8))
        {
            return $"isAdult is '{Encoding.UTF8.GetString(row[4])}' instead of 0 or 1";
        }

        if (!TryNumber(row[0], out var number) || !TryInteger(row[5], out var year))
        {
            return IsKnown(row[5]) ? "expected a number like tt0111161 and a year" : "the year is not known";
        }

        if (!IsKnown(row[2]))
        {
            return "the title is not known";
        }

        var movie = new MovieRow(number, Encoding.UTF8.GetString(row[2]), year)
        {
            Runtime = Minutes(Text(row[7]), notes),
            Genres = Genres(Encoding.UTF8.GetString(row[8]).Split(',').Where(genre => genre != Unknown), notes),
            ImdbId = TryImdbId(row[0], out var id) ? id : null,
        };
        return movie.Stage(row.Line, staging);
    }
}

/// <summary>IMDb's scores: <c>tt0111161 9.3 2900000</c>.</summary>
internal sealed class ImdbScoresFile : ImdbFile
{
    public override string Pattern => "title.ratings.tsv";

    public override string Table => StagingArea.Scores;

    protected override string[] Header { get; } = ["tconst", "averageRating", "numVotes"];

    public override string? Stage(DelimitedReader row, NpgsqlBinaryImporter staging, List<string> notes)
    {
        if (row.Count != Header.Length || !TryNumber(row[0], out var number))
        {
            return $"expected {Header.Length} fields, of which the first is a number like tt0111161";
        }

        if (!IsKnown(row[1]) || !IsKnown(row[2]))
        {
            return "the score is not known";
        }

        if (!Utf8Parser.TryParse(row[1], out decimal rating, out var used) || used != row[1].Length
            || rating is < Limits.MinRating or > Limits.MaxRating || rating.Scale > 1)
        {
            return $"the rating '{Encoding.UTF8.GetString(row[1])}' is not one "
                + $"from {Limits.MinRating} to {Limits.MaxRating} with one decimal";
        }

        if (!TryInteger(row[2], out var votes) || votes < 0)
        {
            return $"the votes '{Encoding.UTF8.GetString(row[2])}' are not a number";
        }

        staging.StartRow();
        staging.Write(row.Line, NpgsqlDbType.Bigint);
        staging.Write(number, NpgsqlDbType.Integer);
        staging.Write(rating, NpgsqlDbType.Numeric);
        staging.Write(votes, NpgsqlDbType.Integer);
        return null;
    }
}
