using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MovieAspire.Api.Http;
using MovieAspire.Data;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Identity;

/// <summary>Starts, refreshes and ends sessions. Each login is a session; its tokens are valid as long as its row exists.</summary>
internal sealed class SessionStore(MovieDbContext db, IOptionsMonitor<BearerTokenOptions> tokens, ILogger<SessionStore> logger)
{
    /// <summary>As long as it takes to fill in a form.</summary>
    internal static readonly TimeSpan RecentLogin = TimeSpan.FromMinutes(10);

    private TimeSpan Lifetime => tokens.Get(IdentityConstants.BearerScheme).RefreshTokenExpiration;

    /// <summary>
    /// Starts a session, and deletes some expired ones. If the account has changed since its password was checked, no row is inserted and
    /// the tokens are refused, so that a login cannot survive a concurrent change of password or a lock.
    /// </summary>
    public async Task<TokenSession> StartAsync(User user, HttpContext context)
    {
        // Version 7, so that keys sort by time.
        var session = new TokenSession(Guid.CreateVersion7(), Refreshes: 0);
        var (userAgent, address) = (UserAgentOf(context.Request), context.GetClientAddress());
        await db.Database.ExecuteSqlAsync(
            $"""
            WITH forgotten AS (
                DELETE FROM sessions WHERE id IN (
                    SELECT id FROM sessions WHERE expires_at < now() ORDER BY expires_at LIMIT 100 FOR UPDATE SKIP LOCKED))
            INSERT INTO sessions (id, user_id, refreshes, expires_at, user_agent, address)
            SELECT {session.Id}, id, {session.Refreshes}, now() + {Lifetime}, {userAgent}, {address}::inet
            FROM users WHERE id = {user.Id} AND security_stamp = {user.SecurityStamp} FOR SHARE
            """,
            context.RequestAborted);
        return session;
    }

    /// <summary>
    /// Returns the session for new tokens, or null if it has ended. Each refresh token is valid once (RFC 9700, 4.14.2). If one is used
    /// twice, one of the users may be an attacker, so the session ends for both.
    /// </summary>
    public async Task<TokenSession?> RefreshAsync(ClaimsPrincipal refreshToken, long userId)
    {
        if (TokenSession.FromToken(refreshToken) is not { } used)
        {
            return null;
        }

        // SQL in one attempt: EF Core would retry an update whose response was lost, and mistake its own first attempt for a reuse.
        var refreshed = await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE sessions SET refreshes = refreshes + 1, refreshed_at = now(), expires_at = now() + {Lifetime}
            WHERE id = {used.Id} AND refreshes = {used.Refreshes} AND expires_at > now()
            """);
        if (refreshed == 1)
        {
            return used with { Refreshes = used.Refreshes + 1 };
        }

        if (await db.Sessions.Where(session => session.Id == used.Id && session.Refreshes > used.Refreshes).ExecuteDeleteAsync() > 0)
        {
            logger.LogWarning(
                "A refresh token of session {SessionId} of user {UserId} was used twice: the session was ended", used.Id, userId);
        }

        return null;
    }

    /// <summary>
    /// Null where the user logged in a few minutes ago; otherwise the response that asks for it (RFC 9470). Whoever has a token of a session
    /// that goes on for days, but neither password nor second factor, cannot take the account over.
    /// </summary>
    public async Task<ProblemHttpResult?> RequireRecentLoginAsync(HttpContext context)
    {
        var id = context.User.GetSessionId();
        if (await db.Sessions.AnyAsync(
            session => session.Id == id && session.CreatedAt > DateTimeOffset.UtcNow - RecentLogin, context.RequestAborted))
        {
            return null;
        }

        context.Response.Headers.WWWAuthenticate =
            $"Bearer error=\"insufficient_user_authentication\", max_age=\"{(int)RecentLogin.TotalSeconds}\"";
        return ApiProblem.Create(
            StatusCodes.Status401Unauthorized,
            ProblemCodes.RecentLoginRequired,
            $"Log in at /api/v1/auth/login, and send this again with the new access token within {RecentLogin.TotalMinutes} minutes.");
    }

    /// <summary>Ends all sessions of a user, optionally except one.</summary>
    public Task<int> EndAllAsync(long userId, CancellationToken cancellationToken, Guid? except = null) => db.Sessions
        .Where(session => session.UserId == userId && session.Id != except).ExecuteDeleteAsync(cancellationToken);

    private static string? UserAgentOf(HttpRequest request)
    {
        var text = request.Headers.UserAgent.ToString();
        if (text.Length > Limits.UserAgent)
        {
            // Do not split a surrogate pair.
            text = text[..(char.IsHighSurrogate(text[Limits.UserAgent - 1]) ? Limits.UserAgent - 1 : Limits.UserAgent)];
        }

        return string.IsNullOrWhiteSpace(text) ? null : text;
    }
}

/// <summary>The session of a token, and how often it had been refreshed when the token was made.</summary>
internal sealed record TokenSession(Guid Id, int Refreshes)
{
    /// <summary>The name is OpenID Connect's.</summary>
    private const string IdClaim = "sid";

    private const string RefreshesClaim = "refreshes";

    public IEnumerable<Claim> Claims =>
        [new(IdClaim, $"{Id}"), new(RefreshesClaim, Refreshes.ToString(CultureInfo.InvariantCulture), ClaimValueTypes.Integer32)];

    /// <summary>Null for a token of an earlier release, which had no sessions.</summary>
    public static TokenSession? FromToken(ClaimsPrincipal token) =>
        Guid.TryParse(token.FindFirstValue(IdClaim), out var id)
        && int.TryParse(token.FindFirstValue(RefreshesClaim), CultureInfo.InvariantCulture, out var refreshes)
            ? new(id, refreshes)
            : null;
}
