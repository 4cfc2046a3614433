using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>
/// Merges staged ratings and their users into ratings and users, after the movies. A user of the data set becomes an account without a
/// password, such as <c>movielens-17</c>. Existing ratings stay.
/// </summary>
internal sealed class StagedRatings(NpgsqlConnection connection, StagingArea area, DataSet set, DeferredCounts counts)
{
    private const string Ratings = StagingArea.Ratings;

    private const string TakeFromMovies = $"""
        INSERT INTO {Ratings} (line, user_key, movie_key, value, at)
        SELECT line, 0, key, rating, rated_at FROM {StagingArea.Movies} WHERE rating IS NOT NULL
        """;

    private const string NameFirstRow = $"""
        UPDATE {Ratings} s SET movie_key = m.first
        FROM (SELECT key, min(key) OVER (PARTITION BY title, year) AS first FROM {StagingArea.Movies}) m WHERE m.key = s.movie_key
        """;

    private const string NoteRatedAgain = $"""
        DELETE FROM {Ratings} s USING (
            SELECT line, first_value(line) OVER (PARTITION BY movie_key ORDER BY at DESC NULLS LAST, line DESC) AS last FROM {Ratings}) r
        WHERE r.line = s.line AND r.last <> s.line
        RETURNING s.line, format('the movie was rated again on line %s; that rating counts', r.last)
        """;

    private const string MergeMovies = $"""
        DELETE FROM {StagingArea.Movies} s USING {StagingArea.Movies} f WHERE f.title = s.title AND f.year = s.year AND f.key < s.key
        """;

    private const string InsertUsers = """
        INSERT INTO users (user_name, normalized_user_name, display_name, security_stamp, concurrency_stamp,
            email_confirmed, phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count)
        SELECT name, upper(name), display_name, gen_random_uuid(), gen_random_uuid(), false, false, false, false, 0
        FROM raters WHERE NOT EXISTS (SELECT FROM users WHERE normalized_user_name = upper(name))
        """;

    // An account of that name with a password was not made by an import.
    private const string FindUsers = """
        INSERT INTO user_keys
        SELECT key, users.id FROM raters JOIN users ON normalized_user_name = upper(name) WHERE password_hash IS NULL;
        ANALYZE user_keys
        """;

    private const string FindUser =
        "INSERT INTO user_keys SELECT 0, id FROM users WHERE $1 IN (normalized_user_name, normalized_email) ORDER BY id LIMIT 1";

    // As published, each user's ratings stand in the order of the movies: one look at neighbours then tells that none comes twice, in a
    // fraction of the time that grouping them takes.
    private const string IsInOrder = $"""
        SELECT NOT EXISTS (
            SELECT FROM (
                SELECT user_key, movie_key, lag(user_key) OVER () AS user_before, lag(movie_key) OVER () AS movie_before FROM {Ratings}) r
            WHERE (user_key, movie_key) <= (user_before, movie_before))
        """;

    // Rejects all but a user's first rating of a movie.
    private const string RejectRepeated = $"""
        DELETE FROM {Ratings} s USING (
            SELECT user_key, movie_key, min(line) AS first FROM {Ratings} GROUP BY user_key, movie_key HAVING count(*) > 1) r
        WHERE s.user_key = r.user_key AND s.movie_key = r.movie_key AND s.line <> r.first
        RETURNING s.line, 'the same user rated the same movie on line ' || r.first
        """;

    private const string Insert = $"""
        INSERT INTO ratings (user_id, movie_id, value, created_at, updated_at)
        SELECT u.id, m.id, s.value, coalesce(s.at, now()), coalesce(s.at, now())
        FROM {Ratings} s JOIN {StagedMovies.Keys} m ON m.key = s.movie_key JOIN user_keys u ON u.key = s.user_key
        WHERE NOT EXISTS (SELECT FROM ratings r WHERE r.user_id = u.id AND r.movie_id = m.id)
        """;

    private const string IsWithoutMovie = $"NOT EXISTS (SELECT FROM {StagedMovies.Keys} m WHERE m.key = s.movie_key)";

    private const string RejectMissingUsers = $"""
        DELETE FROM {Ratings} s WHERE NOT EXISTS (SELECT FROM user_keys u WHERE u.key = s.user_key)
        RETURNING s.line, format('the account %s belongs to somebody who can log in', (SELECT name FROM raters r WHERE r.key = s.user_key))
        """;

    private readonly string _rejectMissingMovies = $"""
        DELETE FROM {Ratings} s WHERE {IsWithoutMovie}
        RETURNING s.line, format('there is no movie %s in {set.Files[0].Pattern}, or it was rejected', s.movie_key)
        """;

    private long _staged;
    private long _read;
    private long _ratedAgain;

    /// <summary>Rows of a diary that name a movie again.</summary>
    public long WatchedAgain { get; private set; }

    private string Source => set.IsPersonal ? StagingArea.Movies : Ratings;

    /// <summary>
    /// Stages the ratings of files that have them next to the movies, before any movie is rejected, and returns their number.
    /// </summary>
    public async Task<long> PrepareAsync(CancellationToken cancellationToken)
    {
        if (set.IsPersonal)
        {
            await connection.ExecuteAsync(TakeFromMovies, cancellationToken);
        }

        _staged = await area.CountAsync(Ratings, cancellationToken);
        _read = _staged + (await area.CountRejectedAsync(Source, cancellationToken)).Rejected;
        if (set.Files[0].IsDiary)
        {
            // A movie's number is the line on which it stands.
            await connection.ExecuteAsync(NameFirstRow, cancellationToken);
            _ratedAgain = await area.NoteAsync(Source, NoteRatedAgain, cancellationToken);
            WatchedAgain = await connection.ExecuteAsync(MergeMovies, cancellationToken);
            _staged -= _ratedAgain;
        }

        return _staged;
    }

    /// <summary>Adds the users, or finds the account for the ratings of a personal export.</summary>
    /// <exception cref="UserErrorException">There is no such account.</exception>
    public async Task<Tally> AddUsersAsync(string? user, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(
            "CREATE TEMP TABLE user_keys (key integer PRIMARY KEY, id bigint NOT NULL) ON COMMIT DROP", cancellationToken);
        if (user is not null)
        {
            // As Identity normalizes names and addresses.
            return await connection.ExecuteAsync(FindUser, cancellationToken, user.ToUpperInvariant()) == 1
                ? new Tally(0, 0, 1, 0)
                : throw new UserErrorException($"There is no account '{user}'. Give its user name or email address.");
        }

        var (name, display) = set.IsPersonal
            ? ($"'{set.Name}'", "'Letterboxd'")
            : ($"'{set.Name}-' || user_key", "'MovieLens ' || user_key");
        await connection.ExecuteAsync(
            $"""
            CREATE TEMP TABLE raters ON COMMIT DROP AS
            SELECT user_key AS key, {name} AS name, {display} AS display_name FROM {Ratings} GROUP BY user_key;
            ANALYZE raters
            """,
            cancellationToken);
        var raters = await area.CountAsync("raters", cancellationToken);
        var insert = new BulkInsert(connection, "users", token => connection.ExecuteAsync(InsertUsers, token));
        var inserted = await insert.RunAsync(raters, cancellationToken);
        await connection.ExecuteAsync(FindUsers, cancellationToken);
        var usable = await area.CountAsync("user_keys", cancellationToken);
        return new Tally(inserted, 0, usable - inserted, raters - usable);
    }

    public async Task<Tally> AddAsync(CancellationToken cancellationToken)
    {
        var staged = _staged;
        if (!await connection.ScalarAsync<bool>(IsInOrder, cancellationToken))
        {
            staged -= await area.RejectAsync(Source, RejectRepeated, cancellationToken);
        }

        var insert = new BulkInsert(connection, "ratings", token => connection.ExecuteAsync(Insert, token)) { Counts = counts };
        var inserted = await insert.RunAsync(staged, cancellationToken);
        if (inserted < staged)
        {
            staged -= set.IsPersonal
                ? await connection.ExecuteAsync($"DELETE FROM {Ratings} s WHERE {IsWithoutMovie}", cancellationToken)
                : await area.RejectAsync(Ratings, _rejectMissingMovies, cancellationToken);
            staged -= await area.RejectAsync(Source, RejectMissingUsers, cancellationToken);
        }

        return new Tally(inserted, 0, staged - inserted + _ratedAgain, _read - staged - _ratedAgain);
    }
}
