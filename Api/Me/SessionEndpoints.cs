using System.Linq.Expressions;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Http;
using MovieAspire.Api.Identity;
using MovieAspire.Data;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Me;

/// <summary>The sessions of the signed-in user. A session that is ended is refused from the next request on, on every replica.</summary>
internal static class SessionEndpoints
{
    public static void MapSessions(this IEndpointRouteBuilder api)
    {
        api.MapPost("/auth/logout", LogOutAsync).WithTags("Accounts").WithName("logOut").RequireAuthorization();

        var sessions = api.MapGroup("/me/sessions").WithTags("Me").RequireAuthorization();
        sessions.MapGet("/", ListAsync).WithName("listMySessions").WithoutCaching();
        sessions.MapDelete("/", DeleteOthersAsync).WithName("deleteMyOtherSessions");
        // Accepts an id only in the spelling that the API writes.
        sessions.MapDelete("/{id:guid:length(36)}", DeleteAsync).WithName("deleteMySession");
    }

    /// <summary>Log out</summary>
    /// <remarks>Ends the session of the access token: it and the refresh token are refused from then on.</remarks>
    internal static async Task<NoContent> LogOutAsync(ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken)
    {
        var sessionId = user.GetSessionId();
        await db.Sessions.Where(session => session.Id == sessionId).ExecuteDeleteAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>List your sessions</summary>
    /// <remarks>Each login that has not ended, newest first.</remarks>
    internal static async Task<Ok<Page<SessionResponse>>> ListAsync(
        [AsParameters] PageQuery page, ClaimsPrincipal user, MovieDbContext db, HttpContext context, CancellationToken cancellationToken) =>
        TypedResults.Ok(
            await db.SessionsOfUser(user.GetUserId(), user.GetSessionId()).ReadPageAsync(page, context, cancellationToken));

    /// <summary>End a session</summary>
    /// <remarks>Its tokens are refused from then on. 404 for one that has ended and for another user's.</remarks>
    internal static async Task<Results<NoContent, NotFound>> DeleteAsync(
        Guid id, ClaimsPrincipal user, MovieDbContext db, CancellationToken cancellationToken)
    {
        var userId = user.GetUserId();
        var deleted = await db.Sessions
            .Where(session => session.Id == id && session.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        return deleted > 0 ? TypedResults.NoContent() : TypedResults.NotFound();
    }

    /// <summary>End your other sessions</summary>
    /// <remarks>All except the session of the request's token, which POST /auth/logout ends.</remarks>
    internal static async Task<NoContent> DeleteOthersAsync(
        ClaimsPrincipal user, SessionStore sessions, CancellationToken cancellationToken)
    {
        await sessions.EndAllAsync(user.GetUserId(), cancellationToken, except: user.GetSessionId());
        return TypedResults.NoContent();
    }
}

/// <summary>A login that has not ended.</summary>
public sealed record SessionResponse
{
    public required Guid Id { get; init; }

    /// <summary>Whether it is the session of the request's own token.</summary>
    public required bool Current { get; init; }

    /// <summary>The User-Agent of the login, cut to 200 characters; null if it sent none.</summary>
    public required string? UserAgent { get; init; }

    /// <summary>The network address of the login; null if unknown.</summary>
    public required string? Address { get; init; }

    /// <summary>When the user logged in.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the tokens were last refreshed.</summary>
    public required DateTimeOffset RefreshedAt { get; init; }

    /// <summary>When the session ends unless it is refreshed before.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    internal static Expression<Func<Session, SessionResponse>> FromSession(Guid currentId) => session => new()
    {
        Id = session.Id,
        Current = session.Id == currentId,
        UserAgent = session.UserAgent,
        Address = session.Address == null ? null : session.Address.ToString(),
        CreatedAt = session.CreatedAt,
        RefreshedAt = session.RefreshedAt,
        ExpiresAt = session.ExpiresAt,
    };
}

internal static class SessionQueries
{
    /// <summary>Ids ascend with time.</summary>
    private static readonly SortOrder<Session> NewestFirst = new("-id", new SortKey<Session, Guid>(session => session.Id, _ => 0));

    public static ListQuery<Session, SessionResponse> SessionsOfUser(this MovieDbContext db, long userId, Guid currentId) => new()
    {
        Rows = () => db.Sessions.Where(session => session.UserId == userId && session.ExpiresAt > DateTimeOffset.UtcNow),
        Item = SessionResponse.FromSession(currentId),
        Sort = NewestFirst,
        UserId = userId,
    };
}
