using System.Buffers.Text;
using System.Text;
using MovieAspire.Data;
using Npgsql;
using NpgsqlTypes;

namespace MovieAspire.MigrationWorker.Import;

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

/// <summary>IMDb's titles, of which movies that are not for adults only are taken: <c>tt0111161 movie … 1994 \N 142 Drama</c>.</summary>
internal sealed class ImdbTitlesFile : ImdbFile
{
    public const string Table = $"{StagingArea.Schema}.imdb_titles";

    public override string Name => "title.basics.tsv";

    public override string[] Header =>
        ["tconst", "titleType", "primaryTitle", "originalTitle", "isAdult", "startYear", "endYear", "runtimeMinutes", "genres"];

    public override (string Table, string Columns) Staging =>
        (Table, "tconst text NOT NULL, title text NOT NULL, year integer NOT NULL, runtime integer, genres text");

    public override string? Stage(DelimitedReader row, NpgsqlBinaryImporter staging)
    {
        if (row.Count != Header.Length)
        {
            return $"expected {Header.Length} fields, found {row.Count}";
        }

        if (!row[1].SequenceEqual("movie"u8) || !row[4].SequenceEqual("0"u8))
        {
            return Skipped;
        }

        if (!IsNumber(row[0]) || !TryInteger(row[5], out var year))
        {
            return IsKnown(row[5]) ? "expected a number like tt0111161 and a year" : "the year is not known";
        }

        var (runtime, genres, minutes) = (row.Memory(7), row.Memory(8), 0);
        if (IsKnown(runtime.Span) && (!TryInteger(runtime.Span, out minutes) || minutes is < Limits.MinRuntime or > Limits.MaxRuntime))
        {
            return $"the running time '{Encoding.UTF8.GetString(runtime.Span)}' is not from {Limits.MinRuntime} to {Limits.MaxRuntime} "
                + "minutes";
        }

        if ((CheckTitle(row[2]) ?? CheckYear(year) ?? (IsKnown(genres.Span) ? CheckGenres(genres.Span, (byte)',') : null)) is { } problem)
        {
            return problem;
        }

        staging.StartRow();
        staging.Write(row.Line, NpgsqlDbType.Bigint);
        staging.Write(row.Memory(0), NpgsqlDbType.Text);
        staging.Write(row.Memory(2), NpgsqlDbType.Text);
        staging.Write(year, NpgsqlDbType.Integer);
        if (minutes > 0)
        {
            staging.Write(minutes, NpgsqlDbType.Integer);
        }
        else
        {
            staging.WriteNull();
        }

        WriteTextOrNull(staging, IsKnown(genres.Span), genres);
        return null;
    }
}

/// <summary>IMDb's scores: <c>tt0111161 9.3 2900000</c>.</summary>
internal sealed class ImdbScoresFile : ImdbFile
{
    public const string Table = $"{StagingArea.Schema}.imdb_scores";

    public override string Name => "title.ratings.tsv";

    public override string[] Header => ["tconst", "averageRating", "numVotes"];

    public override (string Table, string Columns) Staging =>
        (Table, "tconst text NOT NULL, rating numeric NOT NULL, votes integer NOT NULL");

    public override string? Stage(DelimitedReader row, NpgsqlBinaryImporter staging)
    {
        if (row.Count != Header.Length || !IsNumber(row[0]))
        {
            return $"expected {Header.Length} fields, of which the first is a number like tt0111161";
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
        staging.Write(row.Memory(0), NpgsqlDbType.Text);
        staging.Write(rating, NpgsqlDbType.Numeric);
        staging.Write(votes, NpgsqlDbType.Integer);
        return null;
    }
}
