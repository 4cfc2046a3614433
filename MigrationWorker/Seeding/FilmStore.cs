using Npgsql;
using NpgsqlTypes;

namespace MovieAspire.MigrationWorker.Seeding;

/// <summary>Puts films into the database by their natural key, title and release date.</summary>
internal sealed class FilmStore(NpgsqlConnection connection)
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
                OR $1 AND NOT EXISTS (SELECT FROM movie_genres WHERE movie_id = movies.id)
            ORDER BY movies.id, genres.id
            ON CONFLICT DO NOTHING
        """;

    private const string FillGaps = """
        UPDATE movies SET
            runtime_minutes = coalesce(movies.runtime_minutes, film.runtime_minutes), mpaa_rating = coalesce(movies.mpaa_rating, film.mpaa_rating),
            director = coalesce(movies.director, film.director), distributor = coalesce(movies.distributor, film.distributor),
            budget = coalesce(movies.budget, film.budget), domestic_gross = coalesce(movies.domestic_gross, film.domestic_gross),
            worldwide_gross = coalesce(movies.worldwide_gross, film.worldwide_gross), imdb_rating = coalesce(movies.imdb_rating, film.imdb_rating),
            imdb_votes = coalesce(movies.imdb_votes, film.imdb_votes)
        FROM incoming_films AS film
        WHERE movies.title = film.title AND movies.release_date = film.release_date AND (
            movies.runtime_minutes IS NULL AND film.runtime_minutes IS NOT NULL OR movies.mpaa_rating IS NULL AND film.mpaa_rating IS NOT NULL
            OR movies.director IS NULL AND film.director IS NOT NULL OR movies.distributor IS NULL AND film.distributor IS NOT NULL
            OR movies.budget IS NULL AND film.budget IS NOT NULL OR movies.domestic_gross IS NULL AND film.domestic_gross IS NOT NULL
            OR movies.worldwide_gross IS NULL AND film.worldwide_gross IS NOT NULL OR movies.imdb_rating IS NULL AND film.imdb_rating IS NOT NULL
            OR movies.imdb_votes IS NULL AND film.imdb_votes IS NOT NULL)
        """;

    /// <summary>
    /// Adds the films that are missing, with their genres. What is there stays as it is, but for empty columns, which
    /// <paramref name="fillGaps"/> fills. Needs a transaction, at whose end its temporary table <c>incoming_films</c> goes.
    /// </summary>
    /// <returns>How many were added, and how many were filled in.</returns>
    public async Task<(int Added, int Filled)> MergeAsync(IReadOnlyList<Film> films, bool fillGaps, CancellationToken cancellationToken)
    {
        await ExecuteAsync(Stage, cancellationToken);
        await CopyAsync(films, cancellationToken);
        await ExecuteAsync(Insert, cancellationToken);
        var filled = fillGaps ? await ExecuteAsync(FillGaps, cancellationToken) : 0;
        await ExecuteAsync(InsertGenres, cancellationToken, fillGaps);
        await using var count = new NpgsqlCommand("SELECT count(*)::integer FROM added_films", connection);
        return ((int)(await count.ExecuteScalarAsync(cancellationToken))!, filled);
    }

    private async Task CopyAsync(IReadOnlyList<Film> films, CancellationToken cancellationToken)
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

    private async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        }

        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
