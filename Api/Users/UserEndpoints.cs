using Microsoft.AspNetCore.Http.HttpResults;
using MovieAspire.Api.Protocol.Caching;
using MovieAspire.Api.Sql;
using MovieAspire.Data;

namespace MovieAspire.Api.Users;

/// <summary>People, as everybody may see them.</summary>
internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder api) =>
        api.MapGet("/users/{id:long}", GetAsync).WithTags("Users").WithName("getUser").WithPublicCaching();

    /// <summary>Get a person's public profile</summary>
    /// <remarks>Display name, counts and when they joined; never an address.</remarks>
    internal static async Task<Results<Ok<PublicProfile>, NotFound>> GetAsync(
        long id, MovieDbContext db, CancellationToken cancellationToken) =>
        await db.QueryFirstAsync(
            new SqlStatement(
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
