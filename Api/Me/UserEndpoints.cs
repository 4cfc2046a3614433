using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Http;
using MovieAspire.Api.Reviews;
using MovieAspire.Data;

namespace MovieAspire.Api.Me;

/// <summary>The public data of users. Their private data is at /me.</summary>
internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder api)
    {
        var user = api.MapGroup("/users/{id:id}").WithTags("Users");
        user.MapGet("/", GetAsync).WithName("getUser").WithPublicCaching();
        user.MapGet("/reviews", ListReviewsAsync).WithName("listReviewsOfUser").WithPublicCaching();

        // Not cached, because the user can make it private.
        user.MapGet("/ratings", ListRatingsAsync).WithName("listRatingsOfUser").WithoutCaching()
            .ProducesProblem(StatusCodes.Status403Forbidden);
        user.MapGet("/favorites", ListFavoritesAsync).WithName("listFavoritesOfUser").WithoutCaching()
            .ProducesProblem(StatusCodes.Status403Forbidden);
    }

    /// <summary>Get a user's public profile</summary>
    /// <remarks>Display name, counts and join date; never the email. The counts of private lists are null.</remarks>
    internal static async Task<Results<Ok<PublicProfile>, NotFound>> GetAsync(
        long id, MovieDbContext db, CancellationToken cancellationToken) =>
        await db.Users.Where(user => user.Id == id)
            .Select(user => new PublicProfile
            {
                Id = user.Id,
                DisplayName = user.DisplayName,
                JoinedAt = user.CreatedAt,
                RatingsPublic = user.RatingsArePublic,
                FavoritesPublic = user.FavoritesArePublic,
                RatingCount = user.RatingsArePublic ? db.Ratings.LongCount(rating => rating.UserId == user.Id) : null,
                ReviewCount = db.Reviews.LongCount(review => review.UserId == user.Id),
                FavoriteCount = user.FavoritesArePublic ? db.Favorites.LongCount(favorite => favorite.UserId == user.Id) : null,
            })
            .FirstOrDefaultAsync(cancellationToken) is { } profile
            ? TypedResults.Ok(profile)
            : TypedResults.NotFound();

    /// <summary>List a user's reviews</summary>
    /// <remarks>Newest first by default.</remarks>
    internal static async Task<Results<Ok<Page<ReviewResponse>>, NotFound>> ListReviewsAsync(
        long id,
        [AsParameters] TimeSort sort,
        [AsParameters] PageQuery page,
        MovieDbContext db,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var reviews = await db.ReviewsOfUser(id, sort).ReadPageAsync(page, context, cancellationToken);

        // The user's existence matters only if the list is empty.
        return reviews.Items.Count > 0 || await db.Users.AnyAsync(user => user.Id == id, cancellationToken)
            ? TypedResults.Ok(reviews)
            : TypedResults.NotFound();
    }

    /// <summary>List a user's ratings</summary>
    /// <remarks>Newest first by default. 403 unless the user has made them public (ratingsPublic); your own are at /me/ratings.</remarks>
    internal static async Task<Results<Ok<Page<RatedMovie>>, NotFound, ProblemHttpResult>> ListRatingsAsync(
        long id,
        [AsParameters] TimeSort sort,
        [AsParameters] PageQuery page,
        MovieDbContext db,
        HttpContext context,
        CancellationToken cancellationToken) =>
        await db.Users.Where(user => user.Id == id)
            .Select(user => (bool?)user.RatingsArePublic).FirstOrDefaultAsync(cancellationToken) switch
        {
            null => TypedResults.NotFound(),
            false => Private("ratings"),
            true => TypedResults.Ok(await db.RatingsOfUser(id, sort).ReadPageAsync(page, context, cancellationToken)),
        };

    /// <summary>List a user's favorites</summary>
    /// <remarks>Newest first by default. 403 unless the user has made them public (favoritesPublic); your own are at /me/favorites.</remarks>
    internal static async Task<Results<Ok<Page<Favorite>>, NotFound, ProblemHttpResult>> ListFavoritesAsync(
        long id,
        [AsParameters] TimeSort sort,
        [AsParameters] PageQuery page,
        MovieDbContext db,
        HttpContext context,
        CancellationToken cancellationToken) =>
        await db.Users.Where(user => user.Id == id)
            .Select(user => (bool?)user.FavoritesArePublic).FirstOrDefaultAsync(cancellationToken) switch
        {
            null => TypedResults.NotFound(),
            false => Private("favorites"),
            true => TypedResults.Ok(await db.FavoritesOfUser(id, sort).ReadPageAsync(page, context, cancellationToken)),
        };

    /// <summary>403 instead of 404: the public profile says that the list is private.</summary>
    private static ProblemHttpResult Private(string list) => ApiProblem.Create(
        StatusCodes.Status403Forbidden,
        ProblemCodes.PrivateList,
        $"This user keeps the {list} private. Your own are at /api/v1/me/{list}.");
}

/// <summary>The public part of a user's profile.</summary>
public sealed record PublicProfile
{
    public required long Id { get; init; }

    public required string DisplayName { get; init; }

    public required DateTimeOffset JoinedAt { get; init; }

    /// <summary>Whether everybody can see what the user rated.</summary>
    public required bool RatingsPublic { get; init; }

    /// <summary>Whether everybody can see the user's favorites.</summary>
    public required bool FavoritesPublic { get; init; }

    /// <summary>Null while the ratings are private.</summary>
    public required long? RatingCount { get; init; }

    public required long ReviewCount { get; init; }

    /// <summary>Null while the favorites are private.</summary>
    public required long? FavoriteCount { get; init; }
}
