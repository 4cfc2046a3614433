using System.Text;
using MovieAspire.Data;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Import.Staging;

namespace MovieAspire.MigrationWorker.Import.Imdb;

/// <summary>IMDb's titles, of which films that are not for adults only are taken: <c>tt0111161 movie … 1994 \N 142 Drama</c>.</summary>
internal sealed class BasicsFile : TsvFile
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
