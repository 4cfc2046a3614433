using MovieAspire.Api.Database;
using MovieAspire.Api.Http;
using MovieAspire.Data;

namespace MovieAspire.Api.Reviews;

internal static class ReviewQueries
{
    public static ListQuery<ReviewResponse> ByMovie(long movieId, ReviewSort sort) => Create($"r.movie_id = {movieId}", sort.Order, null);

    public static ListQuery<ReviewResponse> ByUser(long userId, TimeSort sort) => Create($"r.user_id = {userId}", sort.On($"r.created_at"), userId);

    /// <summary>The review, if it is the user's.</summary>
    public static Task<ReviewResponse?> FindOwnReviewAsync(this MovieDbContext db, long id, long userId, CancellationToken cancellationToken) =>
        db.QueryFirstAsync(
            new SqlBuilder().AppendRaw($"SELECT {ReviewResponse.Columns} FROM {ReviewResponse.From}")
                .Append($" WHERE r.id = {id} AND r.user_id = {userId}"),
            ReviewResponse.Read,
            cancellationToken);

    private static ListQuery<ReviewResponse> Create(FormattableString condition, SortOrder sort, long? userId) => new()
    {
        Columns = ReviewResponse.Columns,
        From = ReviewResponse.From,
        Where = [condition],
        Sort = sort,
        TieBreaker = "r.id",
        UserId = userId,
        Read = ReviewResponse.Read,
    };
}
