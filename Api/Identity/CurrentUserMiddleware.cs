using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Data;

namespace MovieAspire.Api.Identity;

/// <summary>
/// Checks the token's user and session against the database for each request that requires authorization, by primary keys: a deleted
/// account, a changed password, an ended session and a revoked role take effect at once, not when the token expires.
/// </summary>
/// <remarks>
/// Not an <c>IClaimsTransformation</c>: that would also run before the rate limiter and for public endpoints, and an identity that it
/// refuses would still count as authenticated, so that authorization answers 403 instead of 401.
/// </remarks>
internal sealed class CurrentUserMiddleware(RequestDelegate next)
{
    private static readonly string StampClaim = new ClaimsIdentityOptions().SecurityStampClaimType;

    private static readonly Func<MovieDbContext, long, Guid, CancellationToken, Task<Account?>> FindAsync = EF.CompileAsyncQuery(
        (MovieDbContext db, long id, Guid sessionId, CancellationToken _) => db.Users
            // The query does not compare the session's user, which the token contains: PostgreSQL would read all sessions of the user.
            .Where(user => user.Id == id
                && db.Sessions.Any(session => session.Id == sessionId && session.ExpiresAt > DateTimeOffset.UtcNow))
            .Select(user => new Account(
                user.SecurityStamp,
                (from membership in db.UserRoles
                 join role in db.Roles on membership.RoleId equals role.Id
                 where membership.UserId == user.Id
                 group role by 1 into roles
                 select EF.Functions.ArrayAgg(roles.Select(role => role.Name!))).FirstOrDefault() ?? new string[0]))
            .FirstOrDefault());

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.User.Identity?.IsAuthenticated == true && RequiresAuthorization(context))
        {
            var db = context.RequestServices.GetRequiredService<MovieDbContext>();
            context.User = await VerifyAsync(context.User, db, context.RequestAborted);
        }

        await next(context);
    }

    /// <summary>The token's user with the current roles, or an anonymous one.</summary>
    public static async Task<ClaimsPrincipal> VerifyAsync(ClaimsPrincipal token, MovieDbContext db, CancellationToken cancellationToken)
    {
        var user = TokenSession.FromToken(token) is { Id: var sessionId }
            ? await FindAsync(db, token.GetUserId(), sessionId, cancellationToken)
            : null;
        if (token.Identity is not ClaimsIdentity identity || user?.Stamp is null || user.Stamp != token.FindFirstValue(StampClaim))
        {
            return new(new ClaimsIdentity());
        }

        var roles = user.Roles.Select(role => new Claim(identity.RoleClaimType, role));
        return new(new ClaimsIdentity(
            [.. identity.Claims.Where(claim => claim.Type != identity.RoleClaimType), .. roles],
            identity.AuthenticationType,
            identity.NameClaimType,
            identity.RoleClaimType));
    }

    private static bool RequiresAuthorization(HttpContext context) =>
        context.GetEndpoint()?.Metadata is { } metadata
        && (metadata.GetMetadata<IAuthorizeData>() is not null || metadata.GetMetadata<AuthorizationPolicy>() is not null);

    private sealed record Account(string? Stamp, string[] Roles);
}
