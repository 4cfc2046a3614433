using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.MigrationWorker.Import.Staging;
using Npgsql;

namespace MovieAspire.MigrationWorker.Import.MovieLens;

/// <summary>
/// Brings MovieLens's films and votes in. A film is one that is there with the same title and year, otherwise a new one of
/// 1 January; a person becomes an account without a password, <c>movielens-17</c>; a vote that is there stays.
/// </summary>
internal sealed class MovieLensImport(NpgsqlConnection connection, ILogger log)
{
    private static readonly MoviesFile Movies = new();
    private static readonly RatingsFile Ratings = new();
    private readonly StagingArea _area = new(connection);

    /// <summary>Reads the files of a folder, unless an earlier run did, and applies them in one transaction.</summary>
    public async Task RunAsync(string folder, Rejects rejects, CancellationToken cancellationToken)
    {
        var (movies, ratings) = (Movies.Find(folder), Ratings.Find(folder));
        await _area.PrepareAsync("movielens", cancellationToken);
        await WorkerTelemetry.TraceAsync("read films", () => new FileStager(connection, Movies, movies, log).RunAsync(cancellationToken));
        await WorkerTelemetry.TraceAsync("read ratings", () => new FileStager(connection, Ratings, ratings, log).RunAsync(cancellationToken));

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.PrepareForBulkAsync(cancellationToken);
        await connection.ExecuteAsync(
            $"LOCK TABLE genres, movies, movie_genres, users, ratings IN SHARE ROW EXCLUSIVE MODE; ANALYZE {MoviesFile.Table}, {RatingsFile.Table}", cancellationToken);
        await WorkerTelemetry.TraceAsync("add films", () => AddFilmsAsync(cancellationToken));
        await WorkerTelemetry.TraceAsync("add people", () => AddPeopleAsync(cancellationToken));
        await WorkerTelemetry.TraceAsync("add votes", () => AddVotesAsync(cancellationToken));
        await _area.ReportAsync(rejects, cancellationToken);
        await _area.DropAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task AddFilmsAsync(CancellationToken cancellationToken)
    {
        await _area.TakeAsync(Movies, StagedFilms.TakeRepeated(MoviesFile.Table, "id"), cancellationToken);
        var added = await new StagedFilms(connection, MoviesFile.Table, "'|'").AddAsync([], cancellationToken);
        await connection.ExecuteAsync(MovieLensSql.FindFilms, cancellationToken);
        log.LogInformation(
            "movies: {Added} inserted; {All:N0} of MovieLens have their place.", Progress.Count(added, "row"), await _area.CountAsync("film_keys", cancellationToken));
    }

    private async Task AddPeopleAsync(CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(MovieLensSql.ListPeople, cancellationToken);
        var insert = new BulkInsert(connection, "users", token => connection.ExecuteAsync(MovieLensSql.InsertPeople, token));
        var added = await insert.RunAsync(await _area.CountAsync("people", cancellationToken), cancellationToken);
        await connection.ExecuteAsync(MovieLensSql.FindPeople, cancellationToken);
        log.LogInformation("users: {Added} inserted.", Progress.Count(added, "row"));
    }

    private async Task AddVotesAsync(CancellationToken cancellationToken)
    {
        var staged = await _area.CountAsync(RatingsFile.Table, cancellationToken);
        using var progress = new Progress(log, $"ratings: inserting {Progress.Count(staged, "row")}");
        var rejected = 0L;
        var insert = new BulkInsert(connection, "ratings", token => connection.ExecuteAsync(MovieLensSql.InsertVotes, token))
        {
            TakeRepeated = async token => rejected = await _area.TakeAsync(Ratings, MovieLensSql.TakeRepeatedVotes, token),
        };
        var added = await insert.RunAsync(staged, cancellationToken);
        if (added + rejected < staged)
        {
            rejected += await _area.TakeAsync(Ratings, MovieLensSql.TakeVotesWithoutFilm, cancellationToken);
            rejected += await _area.TakeAsync(Ratings, MovieLensSql.TakeVotesWithoutPerson, cancellationToken);
        }

        await connection.ExecuteAsync("ANALYZE ratings", cancellationToken);
        log.LogInformation(
            "ratings: {Added} inserted, {Kept:N0} were there and stay as they are, {Rejected:N0} rejected.",
            Progress.Count(added, "row"), staged - rejected - added, rejected);
    }
}
