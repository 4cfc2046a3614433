using MovieAspire.MigrationWorker.Import.Staging;

namespace MovieAspire.MigrationWorker.Import.MovieLens;

/// <summary>From staged films and votes to people and ratings; film_keys and person_keys lead from MovieLens's numbers to ours.</summary>
internal static class MovieLensSql
{
    private const string Votes = RatingsFile.Table;

    // Where a film is there twice, the older one is meant.
    public const string FindFilms = $"""
        CREATE TEMP TABLE film_keys ON COMMIT DROP AS
        SELECT DISTINCT ON (f.id) f.id AS source, m.id FROM {MoviesFile.Table} f {StagedFilms.JoinMovies} ORDER BY f.id, m.release_date, m.id;
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
