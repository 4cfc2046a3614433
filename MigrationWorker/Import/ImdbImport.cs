using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>
/// Imports IMDb's movies with running times, genres and scores. A movie that is there with the same title and year gets
/// what is not known of it; otherwise it is new, of 1 January.
/// </summary>
internal sealed class ImdbImport(NpgsqlConnection connection, ILogger log)
{
    private const string Titles = ImdbTitlesFile.Table;
    private const string Scores = ImdbScoresFile.Table;

    // Title and year are all that tells movies apart here; of several, the best known one stays.
    private const string RejectSameTitleAndYear = $"""
        DELETE FROM {Titles} s USING (
            SELECT s.ctid, row_number() OVER w AS nth, first_value(s.line) OVER w AS best
            FROM {Titles} s LEFT JOIN {Scores} c USING (tconst)
            WINDOW w AS (PARTITION BY s.title, s.year ORDER BY c.votes DESC NULLS LAST, s.line)) r
        WHERE r.ctid = s.ctid AND r.nth > 1
        RETURNING s.line, format('the movie on line %s has the same title and year, and no fewer votes', r.best)
        """;

    private const string FillGaps = $"""
        UPDATE movies t SET
            runtime_minutes = coalesce(t.runtime_minutes, k.runtime),
            imdb_rating = coalesce(t.imdb_rating, k.rating),
            imdb_votes = coalesce(t.imdb_votes, k.votes)
        FROM (
            SELECT DISTINCT ON (s.tconst) m.id, s.runtime, c.rating, c.votes
            FROM {Titles} s {StagedMovies.JoinMovies} LEFT JOIN {Scores} c USING (tconst)
            ORDER BY s.tconst, m.release_date, m.id) k
        WHERE k.id = t.id AND (
            (t.runtime_minutes IS NULL AND k.runtime IS NOT NULL)
            OR (t.imdb_rating IS NULL AND k.rating IS NOT NULL)
            OR (t.imdb_votes IS NULL AND k.votes IS NOT NULL))
        """;

    private static readonly ImdbTitlesFile TitlesFile = new();
    private static readonly ImdbScoresFile ScoresFile = new();
    private readonly StagingArea _area = new(connection);

    /// <summary>Reads the files of a folder, unless an earlier run did, and applies them in one transaction.</summary>
    public async Task RunAsync(string folder, Rejects rejects, CancellationToken cancellationToken)
    {
        var (titles, scores) = (TitlesFile.Find(folder), ScoresFile.Find(folder));
        await _area.PrepareAsync("imdb", cancellationToken);
        await WorkerTelemetry.TraceAsync(
            "read movies", () => new FileStager(connection, TitlesFile, titles, log).RunAsync(cancellationToken));
        await WorkerTelemetry.TraceAsync(
            "read scores", () => new FileStager(connection, ScoresFile, scores, log).RunAsync(cancellationToken));

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await BulkSettings.ApplyAsync(connection, cancellationToken);
        await connection.ExecuteAsync(
            $"LOCK TABLE genres, movies, movie_genres IN SHARE ROW EXCLUSIVE MODE; ANALYZE {Titles}, {Scores}", cancellationToken);
        await WorkerTelemetry.TraceAsync("add movies", () => AddMoviesAsync(cancellationToken));
        await _area.ReportAsync(rejects, cancellationToken);
        await _area.DropAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task AddMoviesAsync(CancellationToken cancellationToken)
    {
        using var progress = new Progress(
            log, $"movies: inserting {Progress.Count(await _area.CountAsync(Titles, cancellationToken), "row")}");
        await _area.RejectAsync(TitlesFile, StagedMovies.RejectDuplicates(Titles, "tconst"), cancellationToken);
        await _area.RejectAsync(ScoresFile, StagedMovies.RejectDuplicates(Scores, "tconst"), cancellationToken);
        await _area.RejectAsync(TitlesFile, RejectSameTitleAndYear, cancellationToken);
        await connection.ExecuteAsync($"CREATE INDEX ON {Scores} (tconst); ANALYZE {Titles}, {Scores}", cancellationToken);
        var filled = await connection.ExecuteAsync(FillGaps, cancellationToken);
        var added = await new StagedMovies(connection, Titles, "','").AddAsync(
            [
                ("runtime_minutes", "s.runtime"),
                ("imdb_rating", $"(SELECT rating FROM {Scores} c WHERE c.tconst = s.tconst)"),
                ("imdb_votes", $"(SELECT votes FROM {Scores} c WHERE c.tconst = s.tconst)"),
            ],
            cancellationToken);
        log.LogInformation("movies: {Added} inserted, gaps filled in {Filled:N0}.", Progress.Count(added, "row"), filled);
    }
}
