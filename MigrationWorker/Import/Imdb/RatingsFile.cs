using System.Buffers.Text;
using System.Text;
using MovieAspire.Data;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Import.Staging;

namespace MovieAspire.MigrationWorker.Import.Imdb;

/// <summary>IMDb's scores: <c>tt0111161 9.3 2900000</c>.</summary>
internal sealed class RatingsFile : TsvFile
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
