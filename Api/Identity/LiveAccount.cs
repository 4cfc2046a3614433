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
internal sealed class LiveAccount(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context, MovieDbContext db)
    {
        if (context.User.Identity is ClaimsIdentity { IsAuthenticated: true } identity && NeedsAccount(context))
        {
            context.User = new ClaimsPrincipal(await ConfirmAsync(identity, db, context.RequestAborted));
        }

        await next(context);
    }

    private static bool NeedsAccount(HttpContext context) =>
        context.GetEndpoint()?.Metadata is { } metadata
        && (metadata.GetMetadata<IAuthorizeData>() is not null || metadata.GetMetadata<AuthorizationPolicy>() is not null);

    private static async Task<ClaimsIdentity> ConfirmAsync(ClaimsIdentity token, MovieDbContext db, CancellationToken cancellationToken)
    {
        var account = await db.QueryFirstAsync(
            new SqlBuilder(
                $"""
                SELECT u.security_stamp, ARRAY(SELECT r.name FROM user_roles ur JOIN roles r ON r.id = ur.role_id WHERE ur.user_id = u.id)
                FROM users u WHERE u.id = {new ClaimsPrincipal(token).Id()}
                """),
            row => new { Stamp = row.GetNullableString(0), Roles = row.GetFieldValue<string[]>(1) },
            cancellationToken);

        var stamp = token.FindFirst(new ClaimsIdentityOptions().SecurityStampClaimType)?.Value;
        if (account?.Stamp is null || account.Stamp != stamp)
        {
            return new ClaimsIdentity();
        }

        return new(
            [.. token.Claims.Where(claim => claim.Type != token.RoleClaimType), .. account.Roles.Select(role => new Claim(token.RoleClaimType, role))],
            token.AuthenticationType,
            token.NameClaimType,
            token.RoleClaimType);
    }
}
