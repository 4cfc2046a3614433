using System.ComponentModel.DataAnnotations;
using MovieAspire.Api.Database;
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

    public required DateTimeOffset JoinedAt { get; init; }

    public required long RatingCount { get; init; }

    public required long ReviewCount { get; init; }

    public required long FavoriteCount { get; init; }
}

/// <summary>The part of the profile that the user can change.</summary>
public sealed record ProfileChange
{
    /// <summary>One line of text, without characters that change the direction of the text around it.</summary>
    [NonBlank(Limits.DisplayName)]
    [RegularExpression(@"^[^\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]*$", ErrorMessage = "The name must not contain line breaks or other control characters.")]
    public required string DisplayName { get; init; }
}

internal static class ProfileQueries
{
    public static Task<Profile?> FindProfileAsync(this MovieDbContext db, long userId, CancellationToken cancellationToken) =>
        db.QueryFirstAsync(
            new SqlBuilder(
                $"""
                SELECT u.id, u.email, u.email_confirmed, u.display_name, u.created_at,
                       ARRAY(SELECT r.name::text FROM user_roles ur JOIN roles r ON r.id = ur.role_id WHERE ur.user_id = u.id ORDER BY r.name),
                       (SELECT count(*) FROM ratings WHERE user_id = u.id),
                       (SELECT count(*) FROM reviews WHERE user_id = u.id),
                       (SELECT count(*) FROM favorites WHERE user_id = u.id)
                FROM users u WHERE u.id = {userId}
                """),
            row => new Profile
            {
                Id = row.GetInt64(0),
                Email = row.GetNullableString(1),
                EmailConfirmed = row.GetBoolean(2),
                DisplayName = row.GetString(3),
                JoinedAt = row.GetFieldValue<DateTimeOffset>(4),
                Roles = row.GetFieldValue<string[]>(5),
                RatingCount = row.GetInt64(6),
                ReviewCount = row.GetInt64(7),
                FavoriteCount = row.GetInt64(8),
            },
            cancellationToken);
}
