using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>
/// Brings IMDb's films in, with running times, genres and scores. A film that is there with the same title and year gets
/// what is not known of it; otherwise it is new, of 1 January.
/// </summary>
internal sealed class ImdbImport(NpgsqlConnection connection, ILogger log)
{
    private const string Films = ImdbTitlesFile.Table;
    private const string Scores = ImdbRatingsFile.Table;

    // Title and year are all that tells films apart here; of several, the one that most people know stays.
    private const string TakeNamesakes = $"""
        DELETE FROM {Films} f USING (
            SELECT f.ctid, row_number() OVER w AS nth, first_value(f.line) OVER w AS best
            FROM {Films} f LEFT JOIN {Scores} s USING (tconst) WINDOW w AS (PARTITION BY f.title, f.year ORDER BY s.votes DESC NULLS LAST, f.line)) r
        WHERE r.ctid = f.ctid AND r.nth > 1
        RETURNING f.line, format('the film on line %s has the same title and year, and no fewer votes', r.best)
        """;

    private const string FillGaps = $"""
        UPDATE movies t SET runtime_minutes = coalesce(t.runtime_minutes, k.runtime), imdb_rating = coalesce(t.imdb_rating, k.rating), imdb_votes = coalesce(t.imdb_votes, k.votes)
        FROM (
            SELECT DISTINCT ON (f.tconst) m.id, f.runtime, s.rating, s.votes FROM {Films} f {StagedMovies.JoinMovies} LEFT JOIN {Scores} s USING (tconst)
            ORDER BY f.tconst, m.release_date, m.id) k
        WHERE k.id = t.id AND ((t.runtime_minutes IS NULL AND k.runtime IS NOT NULL) OR (t.imdb_rating IS NULL AND k.rating IS NOT NULL) OR (t.imdb_votes IS NULL AND k.votes IS NOT NULL))
        """;

    private static readonly ImdbTitlesFile Basics = new();
    private static readonly ImdbRatingsFile Ratings = new();
    private readonly StagingArea _area = new(connection);

    /// <summary>Reads the files of a folder, unless an earlier run did, and applies them in one transaction.</summary>
    public async Task RunAsync(string folder, Rejects rejects, CancellationToken cancellationToken)
    {
        var (basics, ratings) = (Basics.Find(folder), Ratings.Find(folder));
        await _area.PrepareAsync("imdb", cancellationToken);
        await WorkerTelemetry.TraceAsync("read films", () => new FileStager(connection, Basics, basics, log).RunAsync(cancellationToken));
        await WorkerTelemetry.TraceAsync("read ratings", () => new FileStager(connection, Ratings, ratings, log).RunAsync(cancellationToken));

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.PrepareForBulkAsync(cancellationToken);
        await connection.ExecuteAsync($"LOCK TABLE genres, movies, movie_genres IN SHARE ROW EXCLUSIVE MODE; ANALYZE {Films}, {Scores}", cancellationToken);
        await WorkerTelemetry.TraceAsync("add films", () => ApplyAsync(cancellationToken));
        await _area.ReportAsync(rejects, cancellationToken);
        await _area.DropAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task ApplyAsync(CancellationToken cancellationToken)
    {
        using var progress = new Progress(log, $"movies: inserting {Progress.Count(await _area.CountAsync(Films, cancellationToken), "row")}");
        await _area.TakeAsync(Basics, StagedMovies.TakeRepeated(Films, "tconst"), cancellationToken);
        await _area.TakeAsync(Ratings, StagedMovies.TakeRepeated(Scores, "tconst"), cancellationToken);
        await _area.TakeAsync(Basics, TakeNamesakes, cancellationToken);
        await connection.ExecuteAsync($"CREATE INDEX ON {Scores} (tconst); ANALYZE {Films}, {Scores}", cancellationToken);
        var filled = await connection.ExecuteAsync(FillGaps, cancellationToken);
        var added = await new StagedMovies(connection, Films, "','").AddAsync(
            [
                ("runtime_minutes", "f.runtime"),
                ("imdb_rating", $"(SELECT rating FROM {Scores} s WHERE s.tconst = f.tconst)"),
                ("imdb_votes", $"(SELECT votes FROM {Scores} s WHERE s.tconst = f.tconst)"),
            ],
            cancellationToken);
        log.LogInformation("movies: {Added} inserted, gaps filled in {Filled:N0}.", Progress.Count(added, "row"), filled);
    }
}
