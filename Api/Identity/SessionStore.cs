using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MovieAspire.Api.Http;
using MovieAspire.Data;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Identity;

/// <summary>Starts, goes on with and ends sessions: each login is one, and its tokens are good as long as its row is there.</summary>
internal sealed class SessionStore(MovieDbContext db, IOptionsMonitor<BearerTokenOptions> tokens, ILogger<SessionStore> logger)
{
    private TimeSpan Lifetime => tokens.Get(IdentityConstants.BearerScheme).RefreshTokenExpiration;

    /// <summary>
    /// Starts a session, and forgets some of those that have expired. There is none where the account changed since its password was
    /// checked, so that a login cannot outlive a new password or a lock of the same moment: its tokens are refused.
    /// </summary>
    public async Task<TokenSession> StartAsync(User user, HttpContext context)
    {
        // In the order of their time, so that the client's newest is the newest by its key.
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
    /// The session of a refresh token for its next tokens; null where it has ended. Each refresh token is good once (RFC 9700, 4.14.2):
    /// of two that come at once one wins, and since nobody can tell whose the other is, the session ends for both.
    /// </summary>
    public async Task<TokenSession?> RefreshAsync(ClaimsPrincipal refreshToken, long userId)
    {
        if (TokenSession.Of(refreshToken) is not { } used)
        {
            return null;
        }

        // SQL: EF Core would repeat an update whose answer was lost, and find that its own token was used before.
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

    /// <summary>Ends all sessions of a user, apart from one where it is given.</summary>
    public Task<int> EndAllAsync(long userId, CancellationToken cancellationToken, Guid? except = null) => db.Sessions
        .Where(session => session.UserId == userId && session.Id != except).ExecuteDeleteAsync(cancellationToken);

    private static string? UserAgentOf(HttpRequest request)
    {
        var text = request.Headers.UserAgent.ToString();
        if (text.Length > Limits.UserAgent)
        {
            // A character of two units is not cut in half.
            text = text[..(char.IsHighSurrogate(text[Limits.UserAgent - 1]) ? Limits.UserAgent - 1 : Limits.UserAgent)];
        }

        return string.IsNullOrWhiteSpace(text) ? null : text;
    }
}

/// <summary>The session of a token, and how often it had been refreshed when the token was made.</summary>
internal sealed record TokenSession(Guid Id, int Refreshes)
{
    /// <summary>As OpenID Connect names it.</summary>
    private const string IdClaim = "sid";

    private const string RefreshesClaim = "refreshes";

    public IEnumerable<Claim> Claims =>
        [new(IdClaim, $"{Id}"), new(RefreshesClaim, Refreshes.ToString(CultureInfo.InvariantCulture), ClaimValueTypes.Integer32)];

    /// <summary>Null for a token of a release that had no sessions.</summary>
    public static TokenSession? Of(ClaimsPrincipal token) =>
        Guid.TryParse(token.FindFirstValue(IdClaim), out var id)
        && int.TryParse(token.FindFirstValue(RefreshesClaim), CultureInfo.InvariantCulture, out var refreshes)
            ? new(id, refreshes)
            : null;
}
