using MovieAspire.Api.Movies;
using MovieAspire.Api.Protocol.Paging;

namespace MovieAspire.Api.Profiles;

/// <summary>One's own vote, with the film.</summary>
public sealed record MyRating
{
    public required MovieSummary Movie { get; init; }

    /// <summary>1 to 10.</summary>
    public required int Value { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the value was last given.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    internal static ListQuery<MyRating> ListOf(long userId, TimeSort sort) => new()
    {
        Columns = $"r.value, r.created_at, r.updated_at, {MovieSummary.Columns}",
        From = $"ratings r JOIN {MovieSummary.From} ON m.id = r.movie_id",
        Where = [$"r.user_id = {userId}"],
        Sort = sort.On($"r.created_at"),
        TieBreaker = "r.movie_id",
        Reader = userId,
        Read = row => new()
        {
            Value = row.GetInt16(0),
            CreatedAt = row.GetFieldValue<DateTimeOffset>(1),
            UpdatedAt = row.GetFieldValue<DateTimeOffset>(2),
            Movie = MovieSummary.Read(row, 3),
        },
    };
}
