using Npgsql;
using NpgsqlTypes;

namespace MovieAspire.MigrationWorker.Seeding;

/// <summary>Puts films into the database by their natural key, title and release date.</summary>
internal sealed class MovieImporter(NpgsqlConnection connection)
{
    private const string Columns =
        "title, release_date, runtime_minutes, mpaa_rating, director, distributor, budget, domestic_gross, worldwide_gross, imdb_rating, imdb_votes";

    private const string Stage = """
        CREATE TEMP TABLE incoming_films (
            ordinal integer PRIMARY KEY, title text, release_date date, runtime_minutes integer, mpaa_rating text, director text, distributor text,
            budget bigint, domestic_gross bigint, worldwide_gross bigint, imdb_rating numeric, imdb_votes integer, genres text[]) ON COMMIT DROP;
        CREATE TEMP TABLE added_films (id bigint PRIMARY KEY) ON COMMIT DROP;
        """;

    // Films get their ids in the order of the input, so that everybody's are the same.
    private const string Insert = $"""
        WITH added AS (
            INSERT INTO movies ({Columns}) SELECT {Columns} FROM incoming_films ORDER BY ordinal
            ON CONFLICT (title, release_date) DO NOTHING RETURNING id)
        INSERT INTO added_films SELECT id FROM added;
        ANALYZE incoming_films, added_films;
        INSERT INTO genres (name)
            SELECT DISTINCT genre FROM incoming_films, unnest(genres) AS genre ORDER BY genre ON CONFLICT (name) DO NOTHING;
        """;

    private const string InsertGenres = """
        INSERT INTO movie_genres (movie_id, genre_id)
            SELECT movies.id, genres.id
            FROM incoming_films JOIN movies USING (title, release_date) CROSS JOIN unnest(incoming_films.genres) AS genre
            JOIN genres ON genres.name = genre COLLATE case_insensitive
            WHERE movies.id IN (SELECT id FROM added_films)
            ORDER BY movies.id, genres.id
            ON CONFLICT DO NOTHING
        """;

    /// <summary>
    /// Adds the films that are missing, with their genres, and gives their number. What is there stays as it is.
    /// Needs a transaction, at whose end its temporary table <c>incoming_films</c> goes.
    /// </summary>
    public async Task<int> AddAsync(IReadOnlyList<MovieRecord> films, CancellationToken cancellationToken)
    {
        await ExecuteAsync(Stage, cancellationToken);
        await CopyAsync(films, cancellationToken);
        await ExecuteAsync(Insert, cancellationToken);
        await ExecuteAsync(InsertGenres, cancellationToken);
        await using var count = new NpgsqlCommand("SELECT count(*)::integer FROM added_films", connection);
        return (int)(await count.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task CopyAsync(IReadOnlyList<MovieRecord> films, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"COPY incoming_films (ordinal, {Columns}, genres) FROM STDIN (FORMAT binary)", cancellationToken);
        for (var i = 0; i < films.Count; i++)
        {
            var film = films[i];
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(i, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(film.Title, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(film.ReleaseDate, NpgsqlDbType.Date, cancellationToken);
            await WriteAsync(copy, film.RuntimeMinutes, NpgsqlDbType.Integer, cancellationToken);
            await WriteAsync(copy, film.MpaaRating, NpgsqlDbType.Text, cancellationToken);
            await WriteAsync(copy, film.Director, NpgsqlDbType.Text, cancellationToken);
            await WriteAsync(copy, film.Distributor, NpgsqlDbType.Text, cancellationToken);
            await WriteAsync(copy, film.Budget, NpgsqlDbType.Bigint, cancellationToken);
            await WriteAsync(copy, film.DomesticGross, NpgsqlDbType.Bigint, cancellationToken);
            await WriteAsync(copy, film.WorldwideGross, NpgsqlDbType.Bigint, cancellationToken);
            await WriteAsync(copy, film.ImdbRating, NpgsqlDbType.Numeric, cancellationToken);
            await WriteAsync(copy, film.ImdbVotes, NpgsqlDbType.Integer, cancellationToken);
            await copy.WriteAsync(film.Genres.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static Task WriteAsync<T>(NpgsqlBinaryImporter copy, T? value, NpgsqlDbType type, CancellationToken cancellationToken) =>
        value is null ? copy.WriteNullAsync(cancellationToken) : copy.WriteAsync(value, type, cancellationToken);

    private async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
