using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Database;
using MovieAspire.Api.Http;
using MovieAspire.Data;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Reviews;

internal static class ReviewQueries
{
    private static readonly CompiledList<Review, ReviewResponse> OfMovie = new(
        (db, movieId) => db.Reviews.Where(review => review.MovieId == movieId), ReviewResponse.FromReview);

    private static readonly CompiledList<Review, ReviewResponse> OfUser = new(
        (db, userId) => db.Reviews.Where(review => review.UserId == userId), ReviewResponse.FromReview);

    private static readonly SortKey<Review, DateTimeOffset> ByTime = new(review => review.CreatedAt, review => review.Id);

    public static ListQuery<Review, ReviewResponse> ReviewsOfMovie(this MovieDbContext db, long movieId, ReviewSort sort) =>
        OfMovie.Create(db, movieId, sort.Order) with
        {
            Total = async token => await db.MovieStats
                .Where(stats => stats.MovieId == movieId).Select(stats => stats.ReviewCount).FirstOrDefaultAsync(token),
        };

    public static ListQuery<Review, ReviewResponse> ReviewsOfUser(this MovieDbContext db, long userId, TimeSort sort) =>
        OfUser.Create(db, userId, sort.By(ByTime)) with { UserId = userId };

    public static Task<ReviewResponse?> FindReviewAsync(this MovieDbContext db, long id, CancellationToken cancellationToken) =>
        db.Reviews.Where(review => review.Id == id).Select(ReviewResponse.FromReview).FirstOrDefaultAsync(cancellationToken);

    /// <summary>The author of the review; null if there is no such review.</summary>
    public static Task<long?> FindAuthorOfReviewAsync(this MovieDbContext db, long id, CancellationToken cancellationToken) =>
        db.Reviews.Where(review => review.Id == id).Select(review => (long?)review.UserId).FirstOrDefaultAsync(cancellationToken);

    /// <summary>The review, if the user is its author.</summary>
    public static Task<ReviewResponse?> FindOwnReviewAsync(this MovieDbContext db, long id, long userId, CancellationToken cancellationToken) =>
        db.Reviews.Where(review => review.Id == id && review.UserId == userId)
            .Select(ReviewResponse.FromReview).FirstOrDefaultAsync(cancellationToken);
}
