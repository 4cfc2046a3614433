using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Admin;
using MovieAspire.Api.Caching;
using MovieAspire.Api.Database;
using MovieAspire.Api.Emails;
using MovieAspire.Api.Http;
using MovieAspire.Api.Identity;
using MovieAspire.Api.Reviews;
using MovieAspire.Data;

namespace MovieAspire.Api.Me;

/// <summary>The signed-in user's account. A request that runs while the account is being deleted gets a 401.</summary>
internal static class MeEndpoints
{
    public static void MapMe(this IEndpointRouteBuilder api)
    {
        var me = api.MapGroup("/me").WithTags("Me").RequireAuthorization().EvictsCache();
        me.MapGet("/", GetAsync).WithName("getMe").WithoutCaching();
        me.MapPatch("/", PatchAsync).WithName("patchMe").WithoutCaching();
        me.MapDelete("/", DeleteAsync).WithName("deleteMe").ProducesProblem(StatusCodes.Status409Conflict);
        me.MapGet("/ratings", ListRatingsAsync).WithName("listRatedMovies").WithoutCaching();
        me.MapGet("/reviews", ListReviewsAsync).WithName("listMyReviews").WithoutCaching();
        me.MapGet("/export", ExportAsync).WithName("exportMe").Produces<PersonalData>();
    }

    /// <summary>Get your profile</summary>
    /// <remarks>Email, display name, roles and counts.</remarks>
    internal static async Task<Results<Ok<Profile>, UnauthorizedHttpResult>> GetAsync(
        ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken) =>
        await db.FindProfileAsync(user.GetUserId(), cancellationToken) is { } profile ? TypedResults.Ok(profile) : TypedResults.Unauthorized();

    /// <summary>Update your profile</summary>
    /// <remarks>
    /// A JSON merge patch (RFC 7386). Ratings and favorites are private unless ratingsPublic and favoritesPublic are true.
    /// Change email and password at /auth/manage/info.
    /// </remarks>
    internal static async Task<Results<Ok<Profile>, UnauthorizedHttpResult>> PatchAsync(
        MergePatch<ProfileChange> patch, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken) =>
        await db.InTransactionAsync(
            token => db.ChangeProfileAsync(user.GetUserId(), patch.ApplyTo, token), cancellationToken) is { } profile
            ? TypedResults.Ok(profile)
            : TypedResults.Unauthorized();

    /// <summary>Delete your account</summary>
    /// <remarks>
    /// Deletes your ratings, reviews, favorites and votes, too, and updates the counts and averages in the same transaction.
    /// Requires a login of the last 10 minutes (401 otherwise). 409 for the only admin who can log in.
    /// </remarks>
    internal static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        ClaimsPrincipal user, MovieDbContext db, SessionStore sessions, HttpContext context, CancellationToken cancellationToken)
    {
        if (await sessions.RequireRecentLoginAsync(context) is { } tooLongAgo)
        {
            return tooLongAgo;
        }

        var userId = user.GetUserId();
        return await db.InTransactionAsync(token => DeleteUnlessLastAdminAsync(db, userId, token), cancellationToken)
            ? TypedResults.NoContent()
            : UserAdminEndpoints.LastAdmin("You are the only admin who can log in.");
    }

    private static async Task<bool> DeleteUnlessLastAdminAsync(MovieDbContext db, long userId, CancellationToken cancellationToken)
    {
        if (await db.LockUserRowAsync(userId, cancellationToken) && await db.IsLastAdminAsync(userId, cancellationToken))
        {
            return false;
        }

        await db.DeleteEmailsToAsync(userId, cancellationToken);
        await db.Users.Where(user => user.Id == userId).ExecuteDeleteAsync(cancellationToken);
        return true;
    }

    /// <summary>List your ratings</summary>
    /// <remarks>Newest first by default.</remarks>
    internal static async Task<Ok<Page<RatedMovie>>> ListRatingsAsync(
        [AsParameters] TimeSort sort,
        [AsParameters] PageQuery page,
        ClaimsPrincipal user,
        MovieDbContext db,
        HttpContext context,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.RatingsOfUser(user.GetUserId(), sort).ReadPageAsync(page, context, cancellationToken));

    /// <summary>List your reviews</summary>
    /// <remarks>Newest first by default.</remarks>
    internal static async Task<Ok<Page<ReviewResponse>>> ListReviewsAsync(
        [AsParameters] TimeSort sort,
        [AsParameters] PageQuery page,
        ClaimsPrincipal user,
        MovieDbContext db,
        HttpContext context,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.ReviewsOfUser(user.GetUserId(), sort).ReadPageAsync(page, context, cancellationToken));

    /// <summary>Export your data</summary>
    /// <remarks>Everything stored about you in one JSON document, read from one snapshot. Passwords and keys are left out.</remarks>
    internal static async Task<IResult> ExportAsync(ClaimsPrincipal user, MovieDbContext db, HttpContext context, CancellationToken cancellationToken)
    {
        await using var snapshot = await db.BeginSnapshotAsync(cancellationToken);
        await using var inSnapshot = db.WithoutRetries();
        if (await inSnapshot.FindProfileAsync(user.GetUserId(), cancellationToken) is not { } profile)
        {
            return TypedResults.Unauthorized();
        }

        context.Response.Headers.CacheControl = ConditionalGet.Personal;
        context.Response.Headers.ContentDisposition = "attachment; filename=\"movieaspire-export.json\"";

        // Serialize here, not after the handler: the lists are read from the snapshot while they are written.
        await TypedResults.Ok(await inSnapshot.ExportAsync(profile, user.GetSessionId(), cancellationToken)).ExecuteAsync(context);
        return TypedResults.Empty;
    }
}
