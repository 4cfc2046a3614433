using Npgsql;

namespace MovieAspire.Api.Ratings;

/// <summary>One's own vote on a film.</summary>
public sealed record RatingResponse
{
    public required long MovieId { get; init; }

    /// <summary>1 to 10.</summary>
    public required int Value { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the value was last given.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    internal const string Columns = "movie_id, value, created_at, updated_at";

    internal static RatingResponse Read(NpgsqlDataReader row) => new()
    {
        MovieId = row.GetInt64(0),
        Value = row.GetInt16(1),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(2),
        UpdatedAt = row.GetFieldValue<DateTimeOffset>(3),
    };
}
