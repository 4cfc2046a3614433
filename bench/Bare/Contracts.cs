using System.Text.Json.Serialization;
using Npgsql;

namespace MovieAspire.Bare;

// The API's responses, property for property.

internal sealed record Page<T>(
    List<T> Items, string? NextCursor, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Total);

internal sealed record MovieSummary(
    long Id, string Title, DateOnly ReleaseDate, int? RuntimeMinutes, string[] Genres, decimal? AverageRating, int RatingCount, int ReviewCount,
    DateTimeOffset UpdatedAt)
{
    public static MovieSummary Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetFieldValue<DateOnly>(2), row.GetFieldValue<int?>(3), row.GetFieldValue<string[]>(4),
        row.GetFieldValue<decimal?>(5), row.GetInt32(6), row.GetInt32(7), row.GetFieldValue<DateTimeOffset>(8));
}

internal sealed record MovieDetail(
    long Id, string Title, DateOnly ReleaseDate, int? RuntimeMinutes, string? MpaaRating, string? Director, string? Distributor,
    long? Budget, long? DomesticGross, long? WorldwideGross, decimal? ImdbRating, int? ImdbVotes, string? ImdbId, int? TmdbId, string[] Genres,
    decimal? AverageRating, int RatingCount, int ReviewCount, int FavoriteCount, int[] RatingHistogram,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static MovieDetail Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetFieldValue<DateOnly>(2), row.GetFieldValue<int?>(3), Text(row, 4), Text(row, 5), Text(row, 6),
        row.GetFieldValue<long?>(7), row.GetFieldValue<long?>(8), row.GetFieldValue<long?>(9), row.GetFieldValue<decimal?>(10),
        row.GetFieldValue<int?>(11), Text(row, 12), row.GetFieldValue<int?>(13), row.GetFieldValue<string[]>(14),
        row.GetFieldValue<decimal?>(15), row.GetInt32(16), row.GetInt32(17), row.GetInt32(18), row.GetFieldValue<int[]>(19),
        row.GetFieldValue<DateTimeOffset>(20), row.GetFieldValue<DateTimeOffset>(21));

    private static string? Text(NpgsqlDataReader row, int ordinal) => row.IsDBNull(ordinal) ? null : row.GetString(ordinal);
}

internal sealed record Review(
    long Id, ReviewedMovie Movie, ReviewAuthor Author, string Title, string Body, bool ContainsSpoilers, int HelpfulCount,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static Review Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), new(row.GetInt64(1), row.GetString(2)), new(row.GetInt64(3), row.GetString(4)), row.GetString(5), row.GetString(6),
        row.GetBoolean(7), row.GetInt32(8), row.GetFieldValue<DateTimeOffset>(9), row.GetFieldValue<DateTimeOffset>(10));
}

internal sealed record ReviewedMovie(long Id, string Title);

internal sealed record ReviewAuthor(long Id, string DisplayName);

internal sealed record Favorite(MovieSummary Movie, DateTimeOffset CreatedAt);

internal sealed record RatingRequest(int Value);

internal sealed record Rating(long MovieId, int Value, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static Rating Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetInt16(1), row.GetFieldValue<DateTimeOffset>(2), row.GetFieldValue<DateTimeOffset>(3));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Page<MovieSummary>))]
[JsonSerializable(typeof(Page<Review>))]
[JsonSerializable(typeof(Page<Favorite>))]
[JsonSerializable(typeof(MovieDetail))]
[JsonSerializable(typeof(Rating))]
[JsonSerializable(typeof(RatingRequest))]
internal sealed partial class BareJson : JsonSerializerContext;
