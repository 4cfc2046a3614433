using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Database;
using Npgsql;
using NpgsqlTypes;

namespace MovieAspire.MigrationWorker.Seeding;

/// <summary>Adds movies by their natural key, title and release date.</summary>
internal sealed class MovieImporter(NpgsqlConnection connection)
{
    private const string Columns =
        "title, release_date, runtime_minutes, mpaa_rating, director, distributor, budget, domestic_gross, worldwide_gross, "
        + "imdb_rating, imdb_votes";

    private const string Stage = """
        CREATE TEMP TABLE incoming_movies (
            ordinal integer PRIMARY KEY, title text, release_date date, runtime_minutes integer, mpaa_rating text,
            director text, distributor text, budget bigint, domestic_gross bigint, worldwide_gross bigint,
            imdb_rating numeric, imdb_votes integer, genres text[]) ON COMMIT DROP;
        CREATE TEMP TABLE added_movies (id bigint PRIMARY KEY) ON COMMIT DROP;
        """;

    // Ids follow the order of the fixture, so that they are the same in every database.
    private const string Insert = $"""
        WITH added AS (
            INSERT INTO movies ({Columns}) SELECT {Columns} FROM incoming_movies ORDER BY ordinal
            ON CONFLICT (title, release_date) DO NOTHING RETURNING id)
        INSERT INTO added_movies SELECT id FROM added;
        ANALYZE incoming_movies, added_movies;
        INSERT INTO genres (name)
            SELECT DISTINCT genre_name FROM incoming_movies, unnest(genres) AS genre_name ORDER BY genre_name ON CONFLICT (name) DO NOTHING;
        INSERT INTO movie_genres (movie_id, genre_id)
            SELECT movies.id, genres.id
            FROM incoming_movies JOIN movies USING (title, release_date) CROSS JOIN unnest(incoming_movies.genres) AS genre_name
            JOIN genres ON genres.name = genre_name COLLATE case_insensitive
            WHERE movies.id IN (SELECT id FROM added_movies)
            ORDER BY movies.id, genres.id
            ON CONFLICT DO NOTHING
        """;

    /// <summary>
    /// Adds missing movies with their genres, and returns their number. Existing movies stay as they are, except that an unknown day is
    /// set. Needs a transaction: its temporary table <c>incoming_movies</c> is dropped at the end.
    /// </summary>
    public async Task<long> AddAsync(IReadOnlyList<MovieRecord> movies, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(Stage, cancellationToken);
        await CopyAsync(movies, cancellationToken);
        await connection.ExecuteAsync(MovieDays.Fill("incoming_movies"), cancellationToken);
        await connection.ExecuteAsync(Insert, cancellationToken);
        return await connection.ScalarAsync<long>("SELECT count(*) FROM added_movies", cancellationToken);
    }

    private async Task CopyAsync(IReadOnlyList<MovieRecord> movies, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            $"COPY incoming_movies (ordinal, {Columns}, genres) FROM STDIN (FORMAT binary)", cancellationToken);
        for (var i = 0; i < movies.Count; i++)
        {
            var movie = movies[i];
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(i, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(movie.Title, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(movie.ReleaseDate, NpgsqlDbType.Date, cancellationToken);
            await WriteAsync(copy, movie.RuntimeMinutes, NpgsqlDbType.Integer, cancellationToken);
            await WriteAsync(copy, movie.MpaaRating, NpgsqlDbType.Text, cancellationToken);
            await WriteAsync(copy, movie.Director, NpgsqlDbType.Text, cancellationToken);
            await WriteAsync(copy, movie.Distributor, NpgsqlDbType.Text, cancellationToken);
            await WriteAsync(copy, movie.Budget, NpgsqlDbType.Bigint, cancellationToken);
            await WriteAsync(copy, movie.DomesticGross, NpgsqlDbType.Bigint, cancellationToken);
            await WriteAsync(copy, movie.WorldwideGross, NpgsqlDbType.Bigint, cancellationToken);
            await WriteAsync(copy, movie.ImdbRating, NpgsqlDbType.Numeric, cancellationToken);
            await WriteAsync(copy, movie.ImdbVotes, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(movie.Genres, NpgsqlDbType.Array | NpgsqlDbType.Text, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static Task WriteAsync<T>(NpgsqlBinaryImporter copy, T? value, NpgsqlDbType type, CancellationToken cancellationToken) =>
        value is null ? copy.WriteNullAsync(cancellationToken) : copy.WriteAsync(value, type, cancellationToken);
}
