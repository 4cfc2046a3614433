using MovieAspire.Api.Movies;
using MovieAspire.Api.Protocol.Paging;

namespace MovieAspire.Api.Favorites;

/// <summary>A film that a person keeps.</summary>
public sealed record Favorite
{
    public required MovieSummary Movie { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    internal static ListQuery<Favorite> ListOf(long userId, TimeSort sort) => new()
    {
        Columns = $"f.created_at, {MovieSummary.Columns}",
        From = $"favorites f JOIN {MovieSummary.From} ON m.id = f.movie_id",
        Where = [$"f.user_id = {userId}"],
        Sort = sort.On($"f.created_at"),
        TieBreaker = "f.movie_id",
        Reader = userId,
        Read = row => new() { CreatedAt = row.GetFieldValue<DateTimeOffset>(0), Movie = MovieSummary.Read(row, 1) },
    };
}
