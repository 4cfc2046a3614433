using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>
/// Imports MovieLens's movies and ratings. A movie is the one that is there with the same title and year, otherwise a new one of
/// 1 January; a user becomes an account without a password, <c>movielens-17</c>; a rating that is there stays.
/// </summary>
internal sealed class MovieLensImport(NpgsqlConnection connection, ILogger log)
{
    private const string StagedRatings = MovieLensRatingsFile.Table;

    // movie_keys and user_keys lead from MovieLens's numbers to ids. Where a movie is there twice, the older one is meant.
    private const string FindMovies = $"""
        CREATE TEMP TABLE movie_keys ON COMMIT DROP AS
        SELECT DISTINCT ON (s.id) s.id AS source, m.id
        FROM {MovieLensMoviesFile.Table} s {StagedMovies.JoinMovies} ORDER BY s.id, m.release_date, m.id;
        CREATE UNIQUE INDEX ON movie_keys (source);
        ANALYZE movie_keys
        """;

    private const string ListUsers =
        $"CREATE TEMP TABLE raters ON COMMIT DROP AS SELECT DISTINCT user_id AS source FROM {StagedRatings}; ANALYZE raters";

    private const string InsertUsers = """
        INSERT INTO users (user_name, normalized_user_name, display_name, security_stamp, concurrency_stamp,
            email_confirmed, phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count)
        SELECT 'movielens-' || source, 'MOVIELENS-' || source, 'MovieLens ' || source, gen_random_uuid(), gen_random_uuid(),
            false, false, false, false, 0
        FROM raters WHERE NOT EXISTS (SELECT FROM users WHERE normalized_user_name = 'MOVIELENS-' || source)
        """;

    // An account of that name with a password was not made by an import.
    private const string FindUsers = """
        CREATE TEMP TABLE user_keys ON COMMIT DROP AS
        SELECT source, users.id FROM raters JOIN users ON normalized_user_name = 'MOVIELENS-' || source WHERE password_hash IS NULL;
        CREATE UNIQUE INDEX ON user_keys (source);
        ANALYZE user_keys
        """;

    private const string InsertRatings = $"""
        INSERT INTO ratings (user_id, movie_id, value, created_at, updated_at)
        SELECT u.id, m.id, s.value, s.at, s.at
        FROM {StagedRatings} s JOIN movie_keys m ON m.source = s.movie_id JOIN user_keys u ON u.source = s.user_id
        WHERE NOT EXISTS (SELECT FROM ratings r WHERE r.user_id = u.id AND r.movie_id = m.id)
        """;

    // All but a user's first rating of a movie, which may stand in MovieLens under two numbers.
    private const string RejectDuplicates = $"""
        DELETE FROM {StagedRatings} s USING (
            SELECT s.ctid, row_number() OVER w AS nth, min(s.line) OVER w AS first
            FROM {StagedRatings} s JOIN movie_keys m ON m.source = s.movie_id WINDOW w AS (PARTITION BY s.user_id, m.id ORDER BY s.line)) r
        WHERE r.ctid = s.ctid AND r.nth > 1
        RETURNING s.line, 'the same user rated the same movie on line ' || r.first
        """;

    private const string RejectMissingMovies = $"""
        DELETE FROM {StagedRatings} s WHERE NOT EXISTS (SELECT FROM movie_keys m WHERE m.source = s.movie_id)
        RETURNING s.line, format('there is no movie %s in movies.csv, or it was rejected', s.movie_id)
        """;

    private const string RejectMissingUsers = $"""
        DELETE FROM {StagedRatings} s WHERE NOT EXISTS (SELECT FROM user_keys u WHERE u.source = s.user_id)
        RETURNING s.line, format('the account movielens-%s belongs to somebody who can log in', s.user_id)
        """;

    private static readonly MovieLensMoviesFile Movies = new();
    private static readonly MovieLensRatingsFile Ratings = new();
    private readonly StagingArea _area = new(connection);
    private readonly DeferredCounts _counts = new(connection);

    /// <summary>Reads the files of a folder, unless an earlier run did, and applies them in one transaction.</summary>
    public async Task RunAsync(string folder, Rejects rejects, CancellationToken cancellationToken)
    {
        var (movies, ratings) = (Movies.Find(folder), Ratings.Find(folder));
        await _area.PrepareAsync("movielens", cancellationToken);
        await WorkerTelemetry.TraceAsync("read movies", () => new FileStager(connection, Movies, movies, log).RunAsync(cancellationToken));
        await WorkerTelemetry.TraceAsync(
            "read ratings", () => new FileStager(connection, Ratings, ratings, log).RunAsync(cancellationToken));

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await BulkSettings.ApplyAsync(connection, cancellationToken);
        await connection.ExecuteAsync(
            $"""
            LOCK TABLE genres, movies, movie_genres, users, ratings IN SHARE ROW EXCLUSIVE MODE;
            ANALYZE {MovieLensMoviesFile.Table}, {StagedRatings}
            """,
            cancellationToken);
        await WorkerTelemetry.TraceAsync("add movies", () => AddMoviesAsync(cancellationToken));
        await WorkerTelemetry.TraceAsync("add users", () => AddUsersAsync(cancellationToken));
        await WorkerTelemetry.TraceAsync("add ratings", () => AddRatingsAsync(cancellationToken));
        await WorkerTelemetry.TraceAsync("count", () => _counts.CountAsync(cancellationToken));
        await _area.ReportAsync(rejects, cancellationToken);
        await _area.DropAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task AddMoviesAsync(CancellationToken cancellationToken)
    {
        await _area.RejectAsync(Movies, StagedMovies.RejectDuplicates(MovieLensMoviesFile.Table, "id"), cancellationToken);
        var added = await new StagedMovies(connection, MovieLensMoviesFile.Table, "'|'").AddAsync([], cancellationToken);
        await connection.ExecuteAsync(FindMovies, cancellationToken);
        log.LogInformation(
            "movies: {Added} inserted; {All:N0} of MovieLens have their place.", Progress.Count(added, "row"),
            await _area.CountAsync("movie_keys", cancellationToken));
    }

    private async Task AddUsersAsync(CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(ListUsers, cancellationToken);
        var insert = new BulkInsert(connection, "users", token => connection.ExecuteAsync(InsertUsers, token));
        var added = await insert.RunAsync(await _area.CountAsync("raters", cancellationToken), cancellationToken);
        await connection.ExecuteAsync(FindUsers, cancellationToken);
        log.LogInformation("users: {Added} inserted.", Progress.Count(added, "row"));
    }

    private async Task AddRatingsAsync(CancellationToken cancellationToken)
    {
        var staged = await _area.CountAsync(StagedRatings, cancellationToken);
        using var progress = new Progress(log, $"ratings: inserting {Progress.Count(staged, "row")}");
        var rejected = 0L;
        var insert = new BulkInsert(connection, "ratings", token => connection.ExecuteAsync(InsertRatings, token))
        {
            Counts = _counts,
            RejectDuplicates = async token => rejected = await _area.RejectAsync(Ratings, RejectDuplicates, token),
        };
        var added = await insert.RunAsync(staged, cancellationToken);
        if (added + rejected < staged)
        {
            rejected += await _area.RejectAsync(Ratings, RejectMissingMovies, cancellationToken);
            rejected += await _area.RejectAsync(Ratings, RejectMissingUsers, cancellationToken);
        }

        log.LogInformation(
            "ratings: {Added} inserted, {Kept:N0} were there and stay as they are, {Rejected:N0} rejected.",
            Progress.Count(added, "row"), staged - rejected - added, rejected);
    }
}
