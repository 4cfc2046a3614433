using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using MovieAspire.Api.Database;
using MovieAspire.Api.Http;
using MovieAspire.Api.Identity;
using MovieAspire.Api.Reviews;
using MovieAspire.Data;

namespace MovieAspire.Api.Me;

/// <summary>A person's own account and what they wrote. Who deletes the account in the same moment gets a 401.</summary>
internal static class MeEndpoints
{
    public static void MapMe(this IEndpointRouteBuilder api)
    {
        var me = api.MapGroup("/me").WithTags("Me").RequireAuthorization();
        me.MapGet("/", GetAsync).WithName("getMe").WithoutCaching();
        me.MapPatch("/", PatchAsync).WithName("patchMe").WithoutCaching();
        me.MapDelete("/", DeleteAsync).WithName("deleteMe");
        me.MapGet("/ratings", ListRatingsAsync).WithName("listMyRatings").WithoutCaching();
        me.MapGet("/reviews", ListReviewsAsync).WithName("listMyReviews").WithoutCaching();
        me.MapGet("/export", ExportAsync).WithName("exportMe").Produces<PersonalData>();
    }

    /// <summary>Get one's own profile</summary>
    /// <remarks>Address, display name, roles and counts.</remarks>
    internal static async Task<Results<Ok<Profile>, UnauthorizedHttpResult>> GetAsync(
        ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken) =>
        await db.FindProfileAsync(user.Id(), cancellationToken) is { } profile ? TypedResults.Ok(profile) : TypedResults.Unauthorized();

    /// <summary>Change one's own profile</summary>
    /// <remarks>A JSON merge patch (RFC 7386). Address and password are changed at /auth/manage/info.</remarks>
    internal static async Task<Results<Ok<Profile>, UnauthorizedHttpResult>> PatchAsync(
        MergePatch<ProfileChange> patch, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken)
    {
        if (await db.FindProfileAsync(user.Id(), cancellationToken) is not { } profile)
        {
            return TypedResults.Unauthorized();
        }

        var change = patch.ApplyTo(new ProfileChange { DisplayName = profile.DisplayName });
        await db.ExecuteAsync(
            new SqlBuilder($"UPDATE users SET display_name = {change.DisplayName} WHERE id = {user.Id()}"), cancellationToken);
        return TypedResults.Ok(profile with { DisplayName = change.DisplayName });
    }

    /// <summary>Delete one's own account</summary>
    /// <remarks>Takes with it everything that the person wrote; what it added up to is set right in the same transaction.</remarks>
    internal static async Task<NoContent> DeleteAsync(ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken)
    {
        await db.ExecuteAsync(new SqlBuilder($"DELETE FROM users WHERE id = {user.Id()}"), cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>List one's own ratings</summary>
    /// <remarks>Latest first, unless sorted otherwise.</remarks>
    internal static async Task<Ok<Page<MyRating>>> ListRatingsAsync(
        [AsParameters] TimeSort sort,
        [AsParameters] PageQuery page,
        ClaimsPrincipal user,
        MovieDbContext db,
        HttpContext context,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.ReadPageAsync(MyRating.ListOf(user.Id(), sort), page, context, cancellationToken));

    /// <summary>List one's own reviews</summary>
    /// <remarks>Latest first, unless sorted otherwise.</remarks>
    internal static async Task<Ok<Page<ReviewResponse>>> ListReviewsAsync(
        [AsParameters] TimeSort sort,
        [AsParameters] PageQuery page,
        ClaimsPrincipal user,
        MovieDbContext db,
        HttpContext context,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.ReadPageAsync(ReviewQueries.OfUser(user.Id(), sort), page, context, cancellationToken));

    /// <summary>Export everything held about oneself</summary>
    /// <remarks>One JSON document, of one moment: the account, ratings, reviews, favourites, votes and kept requests.</remarks>
    internal static async Task<IResult> ExportAsync(ClaimsPrincipal user, MovieDbContext db, HttpContext context, CancellationToken cancellationToken)
    {
        await using var snapshot = await db.BeginSnapshotAsync(cancellationToken);
        if (await db.FindProfileAsync(user.Id(), cancellationToken) is not { } profile)
        {
            return TypedResults.Unauthorized();
        }

        context.Response.Headers.CacheControl = ConditionalGet.Personal;
        context.Response.Headers.ContentDisposition = "attachment; filename=\"movieaspire-export.json\"";

        // Here, not after the handler, since its lists are read from the snapshot while they are written.
        await TypedResults.Ok(await db.ExportAsync(profile, cancellationToken)).ExecuteAsync(context);
        return TypedResults.Empty;
    }
}
