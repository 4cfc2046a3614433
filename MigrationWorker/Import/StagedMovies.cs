using MovieAspire.Data;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>
/// Brings staged movies to movies, genres and movie_genres. A movie is its title and release date, where 1 January stands for a day of the
/// year that is not known. One that is there gets what is not known of it; what is known stays.
/// </summary>
/// <param name="connection">In a transaction that keeps other writers out.</param>
/// <param name="area">Where the movies are staged.</param>
internal sealed class StagedMovies(NpgsqlConnection connection, StagingArea area)
{
    /// <summary>The temporary table that leads from a movie's number in the source to its id.</summary>
    public const string Keys = "movie_keys";

    private const string Movies = StagingArea.Movies;
    private const string Scores = StagingArea.Scores;

    // The worker runs without tables of cultures and cannot compose characters itself.
    private const string Compose = $"""
        UPDATE {Movies} SET title = normalize(title, NFC), director = normalize(director, NFC),
            genres = ARRAY(SELECT normalize(genre, NFC) FROM unnest(genres) AS genre)
        WHERE concat(title, director, array_to_string(genres, '')) IS NOT NFC NORMALIZED
        """;

    private static readonly string RejectTooLong = $"""
        DELETE FROM {Movies} WHERE char_length(title) > {Limits.MovieTitle}
        RETURNING line, format('the title has %s characters, {Limits.MovieTitle} are allowed', char_length(title))
        """;

    private const string RejectSameNumber = """
        DELETE FROM {0} s USING (
            SELECT ctid, row_number() OVER w AS nth, min(line) OVER w AS first
            FROM {0} WINDOW w AS (PARTITION BY key ORDER BY line)) r
        WHERE r.ctid = s.ctid AND r.nth > 1
        RETURNING s.line, format('id %s stands on line %s, too', s.key, r.first)
        """;

    // Title, year and day, where it is known, are all that tells movies apart here; of several, the best known one stays. One without a day
    // is the same as the first with one.
    private const string RejectSameMovie = $"""
        DELETE FROM {Movies} s USING (
            SELECT s.ctid, row_number() OVER same AS nth, first_value(s.line) OVER same AS best, first_value(c.votes) OVER same AS votes,
                CASE WHEN s.day IS NULL THEN min(s.line) FILTER (WHERE s.day IS NOT NULL) OVER (PARTITION BY s.title, s.year) END AS dated
            FROM {Movies} s LEFT JOIN {Scores} c USING (key)
            WINDOW same AS (PARTITION BY s.title, s.year, s.day ORDER BY c.votes DESC NULLS LAST, s.line)) r
        WHERE r.ctid = s.ctid AND (r.nth > 1 OR r.dated IS NOT NULL)
        RETURNING s.line, format(
            'the movie on line %s has the same title and %s%s', coalesce(r.dated, r.best),
            CASE WHEN s.day IS NULL THEN 'year' ELSE 'release date' END,
            CASE WHEN r.dated IS NULL AND r.votes IS NOT NULL THEN ', and no fewer votes' ELSE '' END)
        """;

    // The movie of that day, or else the one whose day is not known, which then is the first of that year; without a day, the first of the
    // year.
    private const string Find = $"""
        CREATE TEMP TABLE {Keys} ON COMMIT DROP AS
        SELECT DISTINCT ON (s.key) s.key, m.id, m.release_date IS DISTINCT FROM s.day AS is_inexact, s.day, s.line
        FROM {Movies} s JOIN movies m
            ON m.title = s.title AND m.release_date BETWEEN make_date(s.year, 1, 1) AND make_date(s.year, 12, 31)
        WHERE s.day IS NULL OR m.release_date IN (s.day, make_date(s.year, 1, 1))
        ORDER BY s.key, m.release_date IS DISTINCT FROM s.day, m.release_date, m.id;
        DELETE FROM {Keys} k USING (SELECT key, row_number() OVER (PARTITION BY id ORDER BY is_inexact, day, line) AS nth FROM {Keys}) r
        WHERE r.key = k.key AND r.nth > 1;
        CREATE UNIQUE INDEX ON {Keys} (key);
        ANALYZE {Keys}, {Movies}, {Scores}
        """;

    private const string FillGaps = $"""
        UPDATE movies t SET
            release_date = coalesce(k.day, t.release_date),
            runtime_minutes = coalesce(t.runtime_minutes, k.runtime),
            mpaa_rating = coalesce(t.mpaa_rating, k.mpaa_rating),
            director = coalesce(t.director, k.director),
            budget = coalesce(t.budget, k.budget),
            worldwide_gross = coalesce(t.worldwide_gross, k.worldwide_gross),
            imdb_rating = coalesce(t.imdb_rating, k.rating),
            imdb_votes = coalesce(t.imdb_votes, k.votes)
        FROM (
            SELECT k.id, s.day, s.runtime, s.mpaa_rating, s.director, s.budget, s.worldwide_gross, c.rating, c.votes
            FROM {Keys} k JOIN {Movies} s USING (key) LEFT JOIN {Scores} c USING (key)) k
        WHERE k.id = t.id AND (
            t.release_date <> k.day
            OR (t.runtime_minutes IS NULL AND k.runtime IS NOT NULL)
            OR (t.mpaa_rating IS NULL AND k.mpaa_rating IS NOT NULL)
            OR (t.director IS NULL AND k.director IS NOT NULL)
            OR (t.budget IS NULL AND k.budget IS NOT NULL)
            OR (t.worldwide_gross IS NULL AND k.worldwide_gross IS NOT NULL)
            OR (t.imdb_rating IS NULL AND k.rating IS NOT NULL)
            OR (t.imdb_votes IS NULL AND k.votes IS NOT NULL))
        """;

    private const string Insert = $"""
        INSERT INTO movies (
            title, release_date, runtime_minutes, mpaa_rating, director, budget, worldwide_gross, imdb_rating, imdb_votes)
        SELECT s.title, coalesce(s.day, make_date(s.year, 1, 1)), s.runtime, s.mpaa_rating, s.director, s.budget, s.worldwide_gross,
            c.rating, c.votes
        FROM {Movies} s LEFT JOIN {Scores} c USING (key)
        WHERE NOT EXISTS (SELECT FROM {Keys} k WHERE k.key = s.key) ORDER BY s.line
        """;

    private const string FindInserted = $"""
        INSERT INTO {Keys} (key, id)
        SELECT s.key, m.id
        FROM {Movies} s JOIN movies m ON m.title = s.title AND m.release_date = coalesce(s.day, make_date(s.year, 1, 1))
        WHERE m.id > $1 AND NOT EXISTS (SELECT FROM {Keys} k WHERE k.key = s.key)
        """;

    // Only new movies get them: the genres of others may have been edited.
    private const string InsertGenres = $"""
        INSERT INTO genres (name)
        SELECT DISTINCT unnest(s.genres) COLLATE case_insensitive FROM {Movies} s JOIN {Keys} k USING (key) WHERE k.id > $1
        ON CONFLICT (name) DO NOTHING
        """;

    private const string InsertMovieGenres = $"""
        INSERT INTO movie_genres (movie_id, genre_id)
        SELECT DISTINCT k.id, genres.id
        FROM {Movies} s JOIN {Keys} k USING (key) CROSS JOIN unnest(s.genres) AS genre_name
            JOIN genres ON genres.name = genre_name COLLATE case_insensitive
        WHERE k.id > $1
        """;

    // Of a score whose movie came, it is used where the movie had none.
    private const string CountScores = $"""
        SELECT count(*), count(*) FILTER (WHERE m.imdb_rating IS NOT NULL AND m.imdb_votes IS NOT NULL)
        FROM {Scores} c JOIN {Movies} s USING (key) LEFT JOIN {Keys} k USING (key) LEFT JOIN movies m ON m.id = k.id
        """;

    /// <summary>Brings them, and tells what became of movies and scores.</summary>
    public async Task<(Tally Movies, Tally Scores)> AddAsync(CancellationToken cancellationToken)
    {
        await RejectAsync(cancellationToken);
        await connection.ExecuteAsync(Find, cancellationToken);
        var (joined, known) = await CountScoresAsync(cancellationToken);
        var there = await area.CountAsync(Keys, cancellationToken);
        var updated = await connection.ExecuteAsync(FillGaps, cancellationToken);
        var last = await connection.ScalarAsync<long>("SELECT coalesce(max(id), 0) FROM movies", cancellationToken);
        var staged = await area.CountAsync(Movies, cancellationToken);
        var inserted = await InsertAsync("movies", Insert, staged - there, cancellationToken);
        await connection.ExecuteAsync(FindInserted, cancellationToken, last);
        await connection.ExecuteAsync(InsertGenres, cancellationToken, last);
        await InsertAsync("movie_genres", InsertMovieGenres, inserted, cancellationToken, last);
        await connection.ExecuteAsync($"ANALYZE {Keys}", cancellationToken);
        var (rejected, skipped) = await area.CountRejectedAsync(Movies, cancellationToken);
        var (rejectedScores, skippedScores) = await area.CountRejectedAsync(Scores, cancellationToken);
        var others = await area.CountAsync(Scores, cancellationToken) - joined + skippedScores;
        return (
            new Tally(inserted, updated, there - updated, rejected, skipped),
            new Tally(joined - known, 0, known, rejectedScores, others));
    }

    private async Task RejectAsync(CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(Compose, cancellationToken);
        await area.RejectAsync(Movies, RejectTooLong, cancellationToken);
        await area.RejectAsync(Movies, RejectSameNumber.Replace("{0}", Movies, StringComparison.Ordinal), cancellationToken);
        await area.RejectAsync(Scores, RejectSameNumber.Replace("{0}", Scores, StringComparison.Ordinal), cancellationToken);
        await area.RejectAsync(Movies, RejectSameMovie, cancellationToken);
    }

    private Task<(long Joined, long Known)> CountScoresAsync(CancellationToken cancellationToken) => connection
        .QueryAsync(CountScores, row => (row.GetInt64(0), row.GetInt64(1)), cancellationToken).SingleAsync(cancellationToken).AsTask();

    private Task<long> InsertAsync(string table, string sql, long rows, CancellationToken cancellationToken, params object[] parameters) =>
        new BulkInsert(connection, table, token => connection.ExecuteAsync(sql, token, parameters)).RunAsync(rows, cancellationToken);
}
