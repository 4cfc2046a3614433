using MovieAspire.Data;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>
/// Merges staged movies into movies, genres and movie_genres. A movie is identified by its IMDb id, or else by its TMDB id, or else by its
/// title and release date, where 1 January stands for an unknown day of the year. For an existing movie, unknown values are filled in, and
/// known ones stay.
/// </summary>
/// <param name="connection">In a transaction that excludes other writers.</param>
/// <param name="area">The area with the staged movies.</param>
internal sealed class StagedMovies(NpgsqlConnection connection, StagingArea area)
{
    /// <summary>The temporary table that maps a movie's number in the source to its id.</summary>
    public const string Keys = "movie_keys";

    private const string Movies = StagingArea.Movies;
    private const string Links = StagingArea.Links;
    private const string Scores = StagingArea.Scores;

    // Movies of one title with different ids are different. IMDb's id takes precedence over TMDB's.
    private const string HasOtherId = "coalesce(m.imdb_id <> s.imdb_id, m.tmdb_id <> s.tmdb_id, false)";

    // The worker runs with InvariantGlobalization and cannot compose characters itself.
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

    private const string TakeLinks =
        $"UPDATE {Movies} s SET imdb_id = l.imdb_id, tmdb_id = l.tmdb_id FROM {Links} l WHERE l.key = s.key";

    private const string NoteSameTmdbId = $"""
        UPDATE {Movies} s SET tmdb_id = NULL
        FROM (SELECT tmdb_id, min(line) AS line FROM {Movies} GROUP BY tmdb_id HAVING count(*) > 1) r JOIN {Movies} f USING (tmdb_id, line)
        WHERE r.tmdb_id = s.tmdb_id AND f.imdb_id <> s.imdb_id
        RETURNING s.line, format(
            'the movie on line %s has the TMDB id %s, too, and another IMDb id; imported without it', f.line, f.tmdb_id)
        """;

    private const string RejectSameId = $$"""
        DELETE FROM {{Movies}} s
        USING (SELECT {0}, min(line) AS line FROM {{Movies}} GROUP BY {0} HAVING count(*) > 1) r
        WHERE r.{0} = s.{0} AND r.line <> s.line
        RETURNING s.line, format('the movie on line %s has the same {1} id %s', r.line, s.{0})
        """;

    // Rank 1 and 2: identified by an id; 3: by title and day.
    private const string FindById = $"""
        CREATE TEMP TABLE {Keys} (key integer, id bigint, rank integer, is_inexact boolean, day date, line bigint) ON COMMIT DROP;
        INSERT INTO {Keys}
        SELECT DISTINCT ON (key) key, id, rank, false, day, line
        FROM (
            SELECT s.key, m.id, 1 AS rank, s.day, s.line FROM {Movies} s JOIN movies m ON m.imdb_id = s.imdb_id
            UNION ALL
            SELECT s.key, m.id, 2, s.day, s.line
            FROM {Movies} s JOIN movies m ON m.tmdb_id = s.tmdb_id AND (m.imdb_id = s.imdb_id) IS NOT false) found
        ORDER BY key, rank;
        CREATE UNIQUE INDEX ON {Keys} (key);
        ANALYZE {Keys}
        """;

    // Such as numbers of a file that are not TMDB ids.
    private const string RejectMistakenId = $"""
        DELETE FROM {Movies} s USING {Keys} k JOIN movies m USING (id)
        WHERE k.key = s.key AND m.title <> s.title AND abs(date_part('year', m.release_date) - s.year) > 2
        RETURNING s.line, format(
            'the %s is that of ''%s'' (%s) here', CASE k.rank WHEN 1 THEN 'IMDb id ' || s.imdb_id ELSE 'TMDB id ' || s.tmdb_id END,
            m.title, date_part('year', m.release_date))
        """;

    private const string RejectSameTarget = $"""
        DELETE FROM {Movies} s USING (
            SELECT key, row_number() OVER same AS nth, first_value(line) OVER same AS first
            FROM {Keys} JOIN {Movies} USING (key, line) WINDOW same AS (PARTITION BY id ORDER BY rank, line)) r
        WHERE r.key = s.key AND r.nth > 1
        RETURNING s.line, format('the movie on line %s is the same by its ids', r.first)
        """;

    private const string ForgetRejected = $"DELETE FROM {Keys} k WHERE NOT EXISTS (SELECT FROM {Movies} s WHERE s.key = k.key)";

    private const string NoteTakenTmdbId = $"""
        UPDATE {Movies} s SET tmdb_id = NULL FROM movies m
        WHERE m.tmdb_id = s.tmdb_id AND NOT EXISTS (SELECT FROM {Keys} k WHERE k.key = s.key AND k.id = m.id)
        RETURNING s.line, format(
            'the TMDB id %s is that of ''%s'' (%s) here; imported without it', m.tmdb_id, m.title, date_part('year', m.release_date))
        """;

    private const string NoteOtherTmdbId = $"""
        SELECT s.line, format('the movie has the TMDB id %s here, which stays, not %s', m.tmdb_id, s.tmdb_id)
        FROM {Movies} s JOIN {Keys} k USING (key) JOIN movies m USING (id) WHERE m.tmdb_id <> s.tmdb_id
        """;

    // Title, year and day, where it is known, tell the others apart; of several, the best known one stays. One without a day is the same as
    // the first with one.
    private const string RejectSameMovie = $"""
        DELETE FROM {Movies} s USING (
            SELECT s.ctid, k.id, row_number() OVER same AS nth, first_value(s.line) OVER same AS best,
                CASE WHEN first_value(k.id) OVER same IS NULL THEN first_value(c.votes) OVER same END AS votes,
                CASE WHEN s.day IS NULL THEN min(s.line) FILTER (WHERE s.day IS NOT NULL) OVER (PARTITION BY s.title, s.year) END AS dated
            FROM {Movies} s LEFT JOIN {Scores} c USING (key) LEFT JOIN {Keys} k USING (key)
            WINDOW same AS (PARTITION BY s.title, s.year, s.day ORDER BY k.id IS NULL, c.votes DESC NULLS LAST, s.line)) r
        WHERE r.ctid = s.ctid AND r.id IS NULL AND (r.nth > 1 OR r.dated IS NOT NULL)
        RETURNING s.line, format(
            'the movie on line %s has the same title and %s%s', coalesce(r.dated, r.best),
            CASE WHEN s.day IS NULL THEN 'year' ELSE 'release date' END,
            CASE WHEN r.dated IS NULL AND r.votes IS NOT NULL THEN ', and no fewer votes' ELSE '' END)
        """;

    // The movie of that day, or else the one whose day is not known, which then is the first of that year; without a day, the first of the
    // year.
    private const string FindByTitle = $"""
        INSERT INTO {Keys}
        SELECT DISTINCT ON (s.key) s.key, m.id, 3, m.release_date IS DISTINCT FROM s.day, s.day, s.line
        FROM {Movies} s JOIN movies m
            ON m.title = s.title AND m.release_date BETWEEN make_date(s.year, 1, 1) AND make_date(s.year, 12, 31)
        WHERE (s.day IS NULL OR m.release_date IN (s.day, make_date(s.year, 1, 1))) AND NOT {HasOtherId}
            AND NOT EXISTS (SELECT FROM {Keys} k WHERE k.key = s.key) AND NOT EXISTS (SELECT FROM {Keys} k WHERE k.id = m.id)
        ORDER BY s.key, m.release_date IS DISTINCT FROM s.day, m.release_date, m.id;
        DELETE FROM {Keys} k USING (SELECT key, row_number() OVER (PARTITION BY id ORDER BY is_inexact, day, line) AS nth FROM {Keys}) r
        WHERE r.key = k.key AND r.nth > 1;
        ANALYZE {Keys}, {Movies}, {Scores}
        """;

    // What title and day, as it will be, say to be a movie that is there, although ids say that it is another, or that another row is it.
    private const string RejectTaken = $"""
        DELETE FROM {Movies} s USING (
            SELECT DISTINCT ON (s.key) s.key, k.line, m.imdb_id, m.tmdb_id, {HasOtherId} AS has_other_id
            FROM {Movies} s JOIN movies m
                ON m.title = s.title AND m.release_date BETWEEN make_date(s.year, 1, 1) AND make_date(s.year, 12, 31)
                LEFT JOIN {Keys} k ON k.id = m.id
                CROSS JOIN LATERAL (
                    SELECT CASE m.release_date WHEN date_trunc('year', k.day)::date THEN k.day ELSE m.release_date END AS day) filled
            WHERE (s.day IS NULL OR filled.day IN (s.day, make_date(s.year, 1, 1)))
                AND NOT EXISTS (SELECT FROM {Keys} k WHERE k.key = s.key)
            ORDER BY s.key, has_other_id DESC, m.id) r
        WHERE r.key = s.key
        RETURNING s.line, CASE
            WHEN r.imdb_id <> s.imdb_id
                THEN format('the movie of that title and year has the IMDb id %s here, not %s', r.imdb_id, s.imdb_id)
            WHEN r.has_other_id THEN format('the movie of that title and year has the TMDB id %s here, not %s', r.tmdb_id, s.tmdb_id)
            ELSE format('the movie on line %s is the same', r.line)
            END
        """;

    private const string FillGaps = $"""
        UPDATE movies t SET
            release_date = coalesce(k.new_day, t.release_date),
            runtime_minutes = coalesce(t.runtime_minutes, k.runtime),
            mpaa_rating = coalesce(t.mpaa_rating, k.mpaa_rating),
            director = coalesce(t.director, k.director),
            budget = coalesce(t.budget, k.budget),
            worldwide_gross = coalesce(t.worldwide_gross, k.worldwide_gross),
            imdb_rating = coalesce(t.imdb_rating, k.rating),
            imdb_votes = coalesce(t.imdb_votes, k.votes),
            imdb_id = coalesce(t.imdb_id, k.imdb_id),
            tmdb_id = coalesce(t.tmdb_id, k.tmdb_id)
        FROM (
            SELECT k.id, s.runtime, s.mpaa_rating, s.director, s.budget, s.worldwide_gross, c.rating, c.votes, s.imdb_id, s.tmdb_id,
                CASE WHEN m.release_date = date_trunc('year', s.day)::date
                    AND NOT EXISTS (SELECT FROM movies o WHERE o.title = m.title AND o.release_date = s.day) THEN s.day END AS new_day
            FROM {Keys} k JOIN {Movies} s USING (key) JOIN movies m USING (id) LEFT JOIN {Scores} c USING (key)) k
        WHERE k.id = t.id AND (
            k.new_day IS NOT NULL
            OR (t.runtime_minutes IS NULL AND k.runtime IS NOT NULL)
            OR (t.mpaa_rating IS NULL AND k.mpaa_rating IS NOT NULL)
            OR (t.director IS NULL AND k.director IS NOT NULL)
            OR (t.budget IS NULL AND k.budget IS NOT NULL)
            OR (t.worldwide_gross IS NULL AND k.worldwide_gross IS NOT NULL)
            OR (t.imdb_rating IS NULL AND k.rating IS NOT NULL)
            OR (t.imdb_votes IS NULL AND k.votes IS NOT NULL)
            OR (t.imdb_id IS NULL AND k.imdb_id IS NOT NULL)
            OR (t.tmdb_id IS NULL AND k.tmdb_id IS NOT NULL))
        """;

    private const string Insert = $"""
        INSERT INTO movies (
            title, release_date, runtime_minutes, mpaa_rating, director, budget, worldwide_gross, imdb_rating, imdb_votes, imdb_id, tmdb_id)
        SELECT s.title, coalesce(s.day, make_date(s.year, 1, 1)), s.runtime, s.mpaa_rating, s.director, s.budget, s.worldwide_gross,
            c.rating, c.votes, s.imdb_id, s.tmdb_id
        FROM {Movies} s LEFT JOIN {Scores} c USING (key)
        WHERE NOT EXISTS (SELECT FROM {Keys} k WHERE k.key = s.key) ORDER BY s.line
        """;

    // Title and day of those are no other row's. A look at the keys for each would read all that the statement itself has written.
    private const string FindInserted = $"""
        INSERT INTO {Keys} (key, id)
        SELECT s.key, m.id
        FROM {Movies} s JOIN movies m ON m.title = s.title AND m.release_date = coalesce(s.day, make_date(s.year, 1, 1))
        WHERE m.id > $1
        """;

    // Only new movies get genres: those of others may have been edited.
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

    // A score is used if its movie had none.
    private const string CountScores = $"""
        SELECT count(*), count(*) FILTER (WHERE m.imdb_rating IS NOT NULL AND m.imdb_votes IS NOT NULL)
        FROM {Scores} c JOIN {Movies} s USING (key) LEFT JOIN {Keys} k USING (key) LEFT JOIN movies m ON m.id = k.id
        """;

    // A link is used if its movie lacked an id.
    private const string CountLinks = $"""
        SELECT count(*), count(*) FILTER (
            WHERE (m.imdb_id IS NOT NULL OR s.imdb_id IS NULL) AND (m.tmdb_id IS NOT NULL OR s.tmdb_id IS NULL))
        FROM {Links} l JOIN {Movies} s USING (key) LEFT JOIN {Keys} k USING (key) LEFT JOIN movies m ON m.id = k.id
        """;

    /// <summary>Merges them, and returns the counts of movies, links and scores.</summary>
    public async Task<(Tally Movies, Tally Links, Tally Scores)> AddAsync(CancellationToken cancellationToken)
    {
        await RejectAsync(cancellationToken);
        await MatchAsync(cancellationToken);
        var links = await TallyAsync(Links, CountLinks, cancellationToken);
        var scores = await TallyAsync(Scores, CountScores, cancellationToken);
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
        return (new Tally(inserted, updated, there - updated, rejected, skipped), links, scores);
    }

    private async Task RejectAsync(CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(Compose, cancellationToken);
        await area.RejectAsync(Movies, RejectTooLong, cancellationToken);
        foreach (var table in new[] { Movies, Links, Scores })
        {
            await area.RejectAsync(table, RejectSameNumber.Replace("{0}", table, StringComparison.Ordinal), cancellationToken);
        }

        await connection.ExecuteAsync(TakeLinks, cancellationToken);
        await area.NoteAsync(Movies, NoteSameTmdbId, cancellationToken);
        foreach (var (column, name) in new[] { ("imdb_id", "IMDb"), ("tmdb_id", "TMDB") })
        {
            var reject = RejectSameId.Replace("{0}", column, StringComparison.Ordinal).Replace("{1}", name, StringComparison.Ordinal);
            await area.RejectAsync(Movies, reject, cancellationToken);
        }
    }

    private async Task MatchAsync(CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(FindById, cancellationToken);
        await area.RejectAsync(Movies, RejectMistakenId, cancellationToken);
        await area.RejectAsync(Movies, RejectSameTarget, cancellationToken);
        await connection.ExecuteAsync(ForgetRejected, cancellationToken);
        await area.NoteAsync(Movies, NoteTakenTmdbId, cancellationToken);
        await area.NoteAsync(Movies, NoteOtherTmdbId, cancellationToken);
        await area.RejectAsync(Movies, RejectSameMovie, cancellationToken);
        await connection.ExecuteAsync(FindByTitle, cancellationToken);
        await area.RejectAsync(Movies, RejectTaken, cancellationToken);
    }

    // The SQL counts the rows whose movie comes, and those of them that change nothing.
    private async Task<Tally> TallyAsync(string table, string count, CancellationToken cancellationToken)
    {
        var (joined, known) = await connection
            .QueryAsync(count, row => (row.GetInt64(0), row.GetInt64(1)), cancellationToken).SingleAsync(cancellationToken);
        var (rejected, skipped) = await area.CountRejectedAsync(table, cancellationToken);
        var others = await area.CountAsync(table, cancellationToken) - joined + skipped;
        return new Tally(joined - known, 0, known, rejected, others);
    }

    private Task<long> InsertAsync(string table, string sql, long rows, CancellationToken cancellationToken, params object[] parameters) =>
        new BulkInsert(connection, table, token => connection.ExecuteAsync(sql, token, parameters)).RunAsync(rows, cancellationToken);
}
