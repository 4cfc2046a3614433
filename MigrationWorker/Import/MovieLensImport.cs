using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>
/// Brings MovieLens's films and votes in. A film is one that is there with the same title and year, otherwise a new one of
/// 1 January; a person becomes an account without a password, <c>movielens-17</c>; a vote that is there stays.
/// </summary>
internal sealed class MovieLensImport(NpgsqlConnection connection, ILogger log)
{
    private static readonly MovieLensMoviesFile Movies = new();
    private static readonly MovieLensRatingsFile Ratings = new();
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
            $"LOCK TABLE genres, movies, movie_genres, users, ratings IN SHARE ROW EXCLUSIVE MODE; ANALYZE {MovieLensMoviesFile.Table}, {MovieLensRatingsFile.Table}", cancellationToken);
        await WorkerTelemetry.TraceAsync("add films", () => AddFilmsAsync(cancellationToken));
        await WorkerTelemetry.TraceAsync("add people", () => AddPeopleAsync(cancellationToken));
        await WorkerTelemetry.TraceAsync("add votes", () => AddVotesAsync(cancellationToken));
        await _area.ReportAsync(rejects, cancellationToken);
        await _area.DropAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task AddFilmsAsync(CancellationToken cancellationToken)
    {
        await _area.TakeAsync(Movies, StagedMovies.TakeRepeated(MovieLensMoviesFile.Table, "id"), cancellationToken);
        var added = await new StagedMovies(connection, MovieLensMoviesFile.Table, "'|'").AddAsync([], cancellationToken);
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
        var staged = await _area.CountAsync(MovieLensRatingsFile.Table, cancellationToken);
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

/// <summary>From staged films and votes to people and ratings; film_keys and person_keys lead from MovieLens's numbers to ours.</summary>
internal static class MovieLensSql
{
    private const string Votes = MovieLensRatingsFile.Table;

    // Where a film is there twice, the older one is meant.
    public const string FindFilms = $"""
        CREATE TEMP TABLE film_keys ON COMMIT DROP AS
        SELECT DISTINCT ON (f.id) f.id AS source, m.id FROM {MovieLensMoviesFile.Table} f {StagedMovies.JoinMovies} ORDER BY f.id, m.release_date, m.id;
        CREATE UNIQUE INDEX ON film_keys (source);
        ANALYZE film_keys
        """;

    public const string ListPeople = $"CREATE TEMP TABLE people ON COMMIT DROP AS SELECT DISTINCT user_id AS source FROM {Votes}; ANALYZE people";

    public const string InsertPeople = """
        INSERT INTO users (user_name, normalized_user_name, display_name, security_stamp, concurrency_stamp, email_confirmed, phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count)
        SELECT 'movielens-' || source, 'MOVIELENS-' || source, 'MovieLens ' || source, gen_random_uuid(), gen_random_uuid(), false, false, false, false, 0
        FROM people WHERE NOT EXISTS (SELECT FROM users WHERE normalized_user_name = 'MOVIELENS-' || source)
        """;

    // An account of that name with a password belongs to somebody who came by it otherwise.
    public const string FindPeople = """
        CREATE TEMP TABLE person_keys ON COMMIT DROP AS
        SELECT source, users.id FROM people JOIN users ON normalized_user_name = 'MOVIELENS-' || source WHERE password_hash IS NULL;
        CREATE UNIQUE INDEX ON person_keys (source);
        ANALYZE person_keys
        """;

    public const string InsertVotes = $"""
        INSERT INTO ratings (user_id, movie_id, value, created_at, updated_at)
        SELECT p.id, f.id, v.value, v.at, v.at
        FROM {Votes} v JOIN film_keys f ON f.source = v.film_id JOIN person_keys p ON p.source = v.user_id
        WHERE NOT EXISTS (SELECT FROM ratings r WHERE r.user_id = p.id AND r.movie_id = f.id)
        """;

    /// <summary>All but a person's first vote on a film, which may stand in MovieLens under two numbers.</summary>
    public const string TakeRepeatedVotes = $"""
        DELETE FROM {Votes} v USING (
            SELECT v.ctid, row_number() OVER w AS nth, min(v.line) OVER w AS first
            FROM {Votes} v JOIN film_keys f ON f.source = v.film_id WINDOW w AS (PARTITION BY v.user_id, f.id ORDER BY v.line)) r
        WHERE r.ctid = v.ctid AND r.nth > 1
        RETURNING v.line, 'the same person rated the same film on line ' || r.first
        """;

    public const string TakeVotesWithoutFilm = $"""
        DELETE FROM {Votes} v WHERE NOT EXISTS (SELECT FROM film_keys f WHERE f.source = v.film_id)
        RETURNING v.line, format('there is no film %s in movies.csv, or it was rejected', v.film_id)
        """;

    public const string TakeVotesWithoutPerson = $"""
        DELETE FROM {Votes} v WHERE NOT EXISTS (SELECT FROM person_keys p WHERE p.source = v.user_id)
        RETURNING v.line, format('the account movielens-%s belongs to somebody who can log in', v.user_id)
        """;
}
