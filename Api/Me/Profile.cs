using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Http;
using MovieAspire.Data;

namespace MovieAspire.Api.Me;

/// <summary>A user's own account.</summary>
public sealed record Profile
{
    public required long Id { get; init; }

    public required string? Email { get; init; }

    /// <summary>Whether the user has opened the link in the confirmation email.</summary>
    public required bool EmailConfirmed { get; init; }

    public required string DisplayName { get; init; }

    /// <summary><c>user</c>, and <c>moderator</c> or <c>admin</c> where given.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>Whether everybody can see what the user rated.</summary>
    public required bool RatingsPublic { get; init; }

    /// <summary>Whether everybody can see the user's favorites.</summary>
    public required bool FavoritesPublic { get; init; }

    public required DateTimeOffset JoinedAt { get; init; }

    public required long RatingCount { get; init; }

    public required long ReviewCount { get; init; }

    public required long FavoriteCount { get; init; }
}

/// <summary>The part of the profile that the user can change.</summary>
public sealed record ProfileChange
{
    /// <summary>One line of text, without invisible characters and those that change the direction of the text around them.</summary>
    [Line(Limits.DisplayName)]
    public required string DisplayName { get; init; }

    /// <summary>Whether everybody can see what the user rated; null is false.</summary>
    public bool RatingsPublic { get; init; }

    /// <summary>Whether everybody can see the user's favorites; null is false.</summary>
    public bool FavoritesPublic { get; init; }
}

internal static class ProfileQueries
{
    public static Task<Profile?> FindProfileAsync(this MovieDbContext db, long userId, CancellationToken cancellationToken) =>
        db.Users.Where(user => user.Id == userId)
            .Select(user => new Profile
            {
                Id = user.Id,
                Email = user.Email,
                EmailConfirmed = user.EmailConfirmed,
                DisplayName = user.DisplayName,
                RatingsPublic = user.RatingsArePublic,
                FavoritesPublic = user.FavoritesArePublic,
                JoinedAt = user.CreatedAt,
                Roles = (from membership in db.UserRoles
                         join role in db.Roles on membership.RoleId equals role.Id
                         where membership.UserId == user.Id
                         orderby role.Name
                         select role.Name!).ToList(),
                RatingCount = db.Ratings.LongCount(rating => rating.UserId == user.Id),
                ReviewCount = db.Reviews.LongCount(review => review.UserId == user.Id),
                FavoriteCount = db.Favorites.LongCount(favorite => favorite.UserId == user.Id),
            })
            .FirstOrDefaultAsync(cancellationToken);

    /// <summary>Updates the profile, inside a transaction; null if the account is deleted.</summary>
    public static async Task<Profile?> ChangeProfileAsync(
        this MovieDbContext db, long userId, Func<ProfileChange, ProfileChange> change, CancellationToken cancellationToken)
    {
        // Lock the row, so that concurrent changes apply one after the other: a stale one must not make public again what the other has
        // made private.
        await db.Database.ExecuteSqlAsync($"SELECT FROM users WHERE id = {userId} FOR NO KEY UPDATE", cancellationToken);
        if (await db.FindProfileAsync(userId, cancellationToken) is not { } profile)
        {
            return null;
        }

        var changed = change(new()
        {
            DisplayName = profile.DisplayName,
            RatingsPublic = profile.RatingsPublic,
            FavoritesPublic = profile.FavoritesPublic,
        });
        await db.Users.Where(user => user.Id == userId).ExecuteUpdateAsync(
            user => user
                .SetProperty(u => u.DisplayName, changed.DisplayName)
                .SetProperty(u => u.RatingsArePublic, changed.RatingsPublic)
                .SetProperty(u => u.FavoritesArePublic, changed.FavoritesPublic),
            cancellationToken);
        return profile with
        {
            DisplayName = changed.DisplayName,
            RatingsPublic = changed.RatingsPublic,
            FavoritesPublic = changed.FavoritesPublic,
        };
    }
}
