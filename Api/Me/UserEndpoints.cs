using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Http;
using MovieAspire.Data;

namespace MovieAspire.Api.Me;

internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder api) =>
        api.MapGet("/users/{id:id}", GetAsync).WithTags("Users").WithName("getUser").WithPublicCaching();

    /// <summary>Get a user's public profile</summary>
    /// <remarks>Display name, counts and join date; never the email.</remarks>
    internal static async Task<Results<Ok<PublicProfile>, NotFound>> GetAsync(
        long id, MovieDbContext db, CancellationToken cancellationToken) =>
        await db.Users.Where(user => user.Id == id)
            .Select(user => new PublicProfile
            {
                Id = user.Id,
                DisplayName = user.DisplayName,
                JoinedAt = user.CreatedAt,
                RatingCount = db.Ratings.LongCount(rating => rating.UserId == user.Id),
                ReviewCount = db.Reviews.LongCount(review => review.UserId == user.Id),
            })
            .FirstOrDefaultAsync(cancellationToken) is { } profile
            ? TypedResults.Ok(profile)
            : TypedResults.NotFound();
}

/// <summary>The public part of a user's profile.</summary>
public sealed record PublicProfile
{
    public required long Id { get; init; }

    public required string DisplayName { get; init; }

    public required DateTimeOffset JoinedAt { get; init; }

    public required long RatingCount { get; init; }

    public required long ReviewCount { get; init; }
}
