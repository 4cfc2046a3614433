using MovieAspire.Api.Database;
using MovieAspire.Data;
using Npgsql;

namespace MovieAspire.Api.Movies;

/// <summary>Reads single movies.</summary>
internal static class MovieQueries
{
    public static Task<MovieDetail?> FindMovieAsync(this MovieDbContext db, long id, CancellationToken cancellationToken) =>
        db.QueryFirstAsync(
            new SqlBuilder()
                .AppendRaw(
                    $"""
                    SELECT m.id, m.title, m.release_date, m.runtime_minutes, m.mpaa_rating, m.director, m.distributor,
                           m.budget, m.domestic_gross, m.worldwide_gross, m.imdb_rating, m.imdb_votes,
                           {MovieSummary.GenreNames},
                           s.average_rating, s.rating_count, s.review_count, s.favorite_count, s.rating_histogram,
                           m.created_at, m.updated_at, m.version
                    FROM {MovieSummary.From}
                    """)
                .Append($" WHERE m.id = {id}"),
            Read,
            cancellationToken);

    /// <summary>For the 404 of what belongs to a movie: its list is empty both when there is nothing in it and when there is no such movie.</summary>
    public static async Task<bool> MovieExistsAsync(this MovieDbContext db, long id, CancellationToken cancellationToken) =>
        await db.QueryFirstAsync(new SqlBuilder($"SELECT 1 FROM movies WHERE id = {id}"), row => row.GetInt32(0), cancellationToken) == 1;

    private static MovieDetail Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Title = row.GetString(1),
        ReleaseDate = row.GetFieldValue<DateOnly>(2),
        RuntimeMinutes = row.GetNullable<int>(3),
        MpaaRating = row.GetNullableString(4),
        Director = row.GetNullableString(5),
        Distributor = row.GetNullableString(6),
        Budget = row.GetNullable<long>(7),
        DomesticGross = row.GetNullable<long>(8),
        WorldwideGross = row.GetNullable<long>(9),
        ImdbRating = row.GetNullable<decimal>(10),
        ImdbVotes = row.GetNullable<int>(11),
        Genres = row.GetFieldValue<string[]>(12),
        AverageRating = row.GetNullable<decimal>(13),
        RatingCount = row.GetInt32(14),
        ReviewCount = row.GetInt32(15),
        FavoriteCount = row.GetInt32(16),
        RatingHistogram = row.GetFieldValue<int[]>(17),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(18),
        UpdatedAt = row.GetFieldValue<DateTimeOffset>(19),
        Version = row.GetInt32(20),
    };
}
