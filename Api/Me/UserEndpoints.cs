using Microsoft.AspNetCore.Http.HttpResults;
using MovieAspire.Api.Database;
using MovieAspire.Api.Http;
using MovieAspire.Data;
using Npgsql;

namespace MovieAspire.Api.Me;

internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder api) =>
        api.MapGet("/users/{id:long}", GetAsync).WithTags("Users").WithName("getUser").WithPublicCaching();

    /// <summary>Get a user's public profile</summary>
    /// <remarks>Display name, counts and join date; never the email.</remarks>
    internal static async Task<Results<Ok<PublicProfile>, NotFound>> GetAsync(
        long id, MovieDbContext db, CancellationToken cancellationToken) =>
        await db.QueryFirstAsync(
            new SqlBuilder(
                $"""
                SELECT u.id, u.display_name, u.created_at,
                       (SELECT count(*) FROM ratings WHERE user_id = u.id),
                       (SELECT count(*) FROM reviews WHERE user_id = u.id)
                FROM users u WHERE u.id = {id}
                """),
            PublicProfile.Read,
            cancellationToken) is { } profile
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

    internal static PublicProfile Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        DisplayName = row.GetString(1),
        JoinedAt = row.GetFieldValue<DateTimeOffset>(2),
        RatingCount = row.GetInt64(3),
        ReviewCount = row.GetInt64(4),
    };
}
