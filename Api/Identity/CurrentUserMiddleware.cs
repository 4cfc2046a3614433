using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using MovieAspire.Api.Database;
using MovieAspire.Data;

namespace MovieAspire.Api.Identity;

/// <summary>
/// Checks the token's user against the database for each request that requires authorization, by primary key: a deleted account, a changed
/// password and a revoked role take effect at once, not when the token expires.
/// </summary>
/// <remarks>
/// Not an <c>IClaimsTransformation</c>: it runs before the rate limiter and for public endpoints, too, and an identity that it refuses
/// stays a successful authentication, which authorization answers with 403 instead of 401.
/// </remarks>
internal sealed class CurrentUserMiddleware(RequestDelegate next)
{
    private static readonly string StampClaim = new ClaimsIdentityOptions().SecurityStampClaimType;

    public async Task InvokeAsync(HttpContext context, MovieDbContext db)
    {
        if (context.User.Identity is ClaimsIdentity { IsAuthenticated: true } token && RequiresAuthorization(context))
        {
            context.User = new ClaimsPrincipal(await VerifyAsync(token, db, context.RequestAborted));
        }

        await next(context);
    }

    private static bool RequiresAuthorization(HttpContext context) =>
        context.GetEndpoint()?.Metadata is { } metadata
        && (metadata.GetMetadata<IAuthorizeData>() is not null || metadata.GetMetadata<AuthorizationPolicy>() is not null);

    /// <summary>The token's identity with the user's current roles, or an anonymous one.</summary>
    private static async Task<ClaimsIdentity> VerifyAsync(ClaimsIdentity token, MovieDbContext db, CancellationToken cancellationToken)
    {
        var user = await db.QueryFirstAsync(
            new SqlBuilder(
                $"""
                SELECT u.security_stamp, ARRAY(SELECT r.name FROM user_roles ur JOIN roles r ON r.id = ur.role_id WHERE ur.user_id = u.id)
                FROM users u WHERE u.id = {new ClaimsPrincipal(token).Id()}
                """),
            row => new { Stamp = row.GetNullableString(0), Roles = row.GetFieldValue<string[]>(1) },
            cancellationToken);
        if (user?.Stamp is null || user.Stamp != token.FindFirst(StampClaim)?.Value)
        {
            return new ClaimsIdentity();
        }

        var roles = user.Roles.Select(role => new Claim(token.RoleClaimType, role));
        return new(
            [.. token.Claims.Where(claim => claim.Type != token.RoleClaimType), .. roles],
            token.AuthenticationType,
            token.NameClaimType,
            token.RoleClaimType);
    }
}
