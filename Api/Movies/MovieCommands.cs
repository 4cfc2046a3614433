using System.Text.Json;
using MovieAspire.Api.Database;
using MovieAspire.Api.Http;
using MovieAspire.Data;
using Npgsql;

namespace MovieAspire.Api.Movies;

/// <summary>Writes single movies. The unique index on title and date decides, so no race gets past it.</summary>
internal static class MovieCommands
{
    /// <summary>The new movie's id, or null when a movie with this title and date exists.</summary>
    public static Task<long?> InsertMovieAsync(this MovieDbContext db, MovieRequest movie, CancellationToken cancellationToken) =>
        db.InTransactionAsync<long?>(
            async token =>
            {
                var id = await db.QueryFirstAsync(
                    new SqlBuilder()
                        .AppendRaw($"INSERT INTO movies ({MovieRows.Columns}) SELECT {MovieRows.Values} FROM ").Append(MovieRows.From([movie]))
                        .AppendRaw(" ON CONFLICT (title, release_date) DO NOTHING RETURNING id"),
                    row => (long?)row.GetInt64(0),
                    token);
                if (id is not null)
                {
                    await db.SetGenresAsync([movie], token);
                }

                return id;
            },
            cancellationToken);

    public static async Task<WriteResult> UpdateMovieAsync(
        this MovieDbContext db, long id, MovieRequest movie, FormattableString precondition, CancellationToken cancellationToken)
    {
        try
        {
            return await db.InTransactionAsync(
                async token =>
                {
                    var updated = await db.ExecuteAsync(
                        new SqlBuilder()
                            .AppendRaw($"UPDATE movies SET ({MovieRows.Columns}) = (SELECT {MovieRows.Values} FROM ").Append(MovieRows.From([movie]))
                            .Append($") WHERE id = {id} AND {precondition}"),
                        token);
                    if (updated == 0)
                    {
                        return await MissedAsync(db, id, token);
                    }

                    await db.SetGenresAsync([movie], token);
                    return WriteResult.Done;
                },
                cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return WriteResult.Conflict;
        }
    }

    public static async Task<WriteResult> DeleteMovieAsync(
        this MovieDbContext db, long id, IfMatch precondition, CancellationToken cancellationToken) =>
        await db.ExecuteAsync(new SqlBuilder($"DELETE FROM movies WHERE id = {id} AND {precondition.On($"version")}"), cancellationToken) > 0
            ? WriteResult.Done
            : await MissedAsync(db, id, cancellationToken);

    private static async Task<WriteResult> MissedAsync(MovieDbContext db, long id, CancellationToken cancellationToken) =>
        await db.MovieExistsAsync(id, cancellationToken) ? WriteResult.PreconditionFailed : WriteResult.NotFound;
}

/// <summary>What became of a write.</summary>
internal enum WriteResult
{
    Done,
    NotFound,
    PreconditionFailed,

    /// <summary>Another movie has this title and date.</summary>
    Conflict,
}

/// <summary>
/// Movies as rows of a statement: any number of them are one JSON parameter, which PostgreSQL reads as a table, so that
/// writing one movie and importing a thousand is the same SQL.
/// </summary>
internal static class MovieRows
{
    /// <summary>Key and details of a movie, in the order of <see cref="Values"/>.</summary>
    public const string Columns = "title, release_date, " + Details;

    public const string Details =
        "runtime_minutes, mpaa_rating, director, distributor, budget, domestic_gross, worldwide_gross, imdb_rating, imdb_votes";

    /// <summary>The columns of <see cref="From"/> that go into <see cref="Columns"/>.</summary>
    public const string Values =
        """
        r.title, r."releaseDate", r."runtimeMinutes", r."mpaaRating", r.director, r.distributor,
        r.budget, r."domesticGross", r."worldwideGross", r."imdbRating", r."imdbVotes"
        """;

    /// <summary>The movies as a table <c>r</c>.</summary>
    public static FormattableString From(IReadOnlyCollection<MovieRequest> movies) =>
        $"""
        jsonb_to_recordset({JsonSerializer.Serialize(movies, JsonSerializerOptions.Web)}::jsonb) AS r(
            title text, "releaseDate" date, "runtimeMinutes" integer, "mpaaRating" text, director text, distributor text,
            budget bigint, "domesticGross" bigint, "worldwideGross" bigint, "imdbRating" numeric, "imdbVotes" integer, genres text[])
        """;
}

internal static class MovieGenres
{
    /// <summary>Sets the genres of each movie, found by title and date. Returns the ids of the movies that changed.</summary>
    public static async Task<List<long>> SetGenresAsync(
        this MovieDbContext db, IReadOnlyCollection<MovieRequest> movies, CancellationToken cancellationToken)
    {
        // In the order of the names, so that two writers of the same new genres don't wait for each other in a circle.
        await db.ExecuteAsync(
            new SqlBuilder(
                $"INSERT INTO genres (name) SELECT DISTINCT genre_name FROM {MovieRows.From(movies)}, unnest(r.genres) AS genre_name ORDER BY genre_name ON CONFLICT DO NOTHING"),
            cancellationToken);

        return await db.QueryAsync(
            new SqlBuilder(
                $"""
                WITH targets AS (
                    SELECT m.id, r.genres FROM {MovieRows.From(movies)} JOIN movies m ON m.title = r.title AND m.release_date = r."releaseDate"),
                wanted AS (
                    SELECT targets.id AS movie_id, g.id AS genre_id FROM targets, unnest(targets.genres) AS genre_name JOIN genres g ON g.name = genre_name),
                dropped AS (
                    DELETE FROM movie_genres mg USING targets
                    WHERE mg.movie_id = targets.id AND (mg.movie_id, mg.genre_id) NOT IN (SELECT movie_id, genre_id FROM wanted)
                    RETURNING mg.movie_id),
                added AS (
                    INSERT INTO movie_genres (movie_id, genre_id) SELECT movie_id, genre_id FROM wanted
                    ON CONFLICT DO NOTHING RETURNING movie_id)
                SELECT movie_id FROM dropped UNION SELECT movie_id FROM added
                """),
            row => row.GetInt64(0),
            cancellationToken);
    }
}
