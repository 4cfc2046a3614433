using System.Buffers.Text;
using System.Text;
using MovieAspire.Data;
using MovieAspire.MigrationWorker.Bulk;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>IMDb's titles, of which films that are not for adults only are taken: <c>tt0111161 movie … 1994 \N 142 Drama</c>.</summary>
internal sealed class ImdbTitlesFile : ImdbFile
{
    public const string Table = $"{StagingArea.Schema}.imdb_films";

    public override string Name => "title.basics.tsv";

    public override string[] Header =>
        ["tconst", "titleType", "primaryTitle", "originalTitle", "isAdult", "startYear", "endYear", "runtimeMinutes", "genres"];

    public override (string Table, string Columns) Staging =>
        (Table, "tconst text NOT NULL, title text NOT NULL, year integer NOT NULL, runtime integer, genres text");

    public override string? Stage(DelimitedReader row, CopyWriter staging)
    {
        if (row.Count != Header.Length)
        {
            return $"expected {Header.Length} fields, found {row.Count}";
        }

        if (!row[1].SequenceEqual("movie"u8) || !row[4].SequenceEqual("0"u8))
        {
            return LeftOut;
        }

        if (!IsNumber(row[0]) || !FieldReader.TryInteger(row[5], out var year))
        {
            return IsKnown(row[5]) ? "expected a number like tt0111161 and a year" : "the year is not known";
        }

        var runtime = 0;
        if (IsKnown(row[7]) && (!FieldReader.TryInteger(row[7], out runtime) || runtime is < Limits.MinRuntime or > Limits.MaxRuntime))
        {
            return $"the running time '{Encoding.UTF8.GetString(row[7])}' is not from {Limits.MinRuntime} to {Limits.MaxRuntime} minutes";
        }

        if ((FieldReader.CheckTitle(row[2]) ?? FieldReader.CheckYear(year) ?? (IsKnown(row[8]) ? FieldReader.CheckGenres(row[8], (byte)',') : null)) is { } problem)
        {
            return problem;
        }

        staging.BeginRow(6);
        staging.Int64(row.Line);
        staging.Value(row[0]);
        staging.Value(row[2]);
        staging.Int32(year);
        if (runtime > 0)
        {
            staging.Int32(runtime);
        }
        else
        {
            staging.Null();
        }

        staging.ValueOrNull(IsKnown(row[8]), row[8]);
        return null;
    }
}

/// <summary>IMDb's scores: <c>tt0111161 9.3 2900000</c>.</summary>
internal sealed class ImdbRatingsFile : ImdbFile
{
    public const string Table = $"{StagingArea.Schema}.imdb_scores";

    public override string Name => "title.ratings.tsv";

    public override string[] Header => ["tconst", "averageRating", "numVotes"];

    public override (string Table, string Columns) Staging => (Table, "tconst text NOT NULL, rating numeric NOT NULL, votes integer NOT NULL");

    public override string? Stage(DelimitedReader row, CopyWriter staging)
    {
        if (row.Count != Header.Length || !IsNumber(row[0]))
        {
            return $"expected {Header.Length} fields, of which the first is a number like tt0111161";
        }

        if (!Utf8Parser.TryParse(row[1], out decimal rating, out var used) || used != row[1].Length || rating is < Limits.MinRating or > Limits.MaxRating || rating.Scale > 1)
        {
            return $"the rating '{Encoding.UTF8.GetString(row[1])}' is not one from {Limits.MinRating} to {Limits.MaxRating} with one decimal";
        }

        if (!FieldReader.TryInteger(row[2], out var votes) || votes < 0)
        {
            return $"the votes '{Encoding.UTF8.GetString(row[2])}' are not a number";
        }

        staging.BeginRow(4);
        staging.Int64(row.Line);
        staging.Value(row[0]);
        staging.Numeric(rating);
        staging.Int32(votes);
        return null;
    }
}

/// <summary>A file of IMDb: tabs, no quotes, and <c>\N</c> for what is not known.</summary>
internal abstract class ImdbFile : SourceFile
{
    public override byte Separator => (byte)'\t';

    public override bool HasQuotes => false;

    protected static bool IsKnown(ReadOnlySpan<byte> field) => !field.SequenceEqual(@"\N"u8);

    /// <summary>Whether it is a title's number, like <c>tt0111161</c>.</summary>
    protected static bool IsNumber(ReadOnlySpan<byte> tconst) =>
        tconst.StartsWith("tt"u8) && tconst.Length is > 2 and <= 15 && !tconst[2..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
}
