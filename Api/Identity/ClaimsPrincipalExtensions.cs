using System.Globalization;
using System.Security.Claims;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Identity;

internal static class ClaimsPrincipalExtensions
{
    /// <summary>The user's id; only for endpoints that require authorization.</summary>
    /// <exception cref="InvalidOperationException">The request is anonymous.</exception>
    public static long GetUserId(this ClaimsPrincipal user) =>
        user.TryGetUserId() ?? throw new InvalidOperationException("The request is anonymous: the endpoint lacks RequireAuthorization().");

    /// <summary>The user's id, or null for an anonymous request.</summary>
    public static long? TryGetUserId(this ClaimsPrincipal user) =>
        long.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : null;

    /// <summary>The session of the user's token; only for endpoints that require authorization.</summary>
    public static Guid GetSessionId(this ClaimsPrincipal user) =>
        TokenSession.FromToken(user)?.Id
        ?? throw new InvalidOperationException("The token has no session: the endpoint lacks RequireAuthorization().");

    public static bool CanModerate(this ClaimsPrincipal user) => user.IsInRole(Roles.Moderator) || user.IsInRole(Roles.Admin);
}
