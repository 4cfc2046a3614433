using System.Globalization;
using System.Security.Claims;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Identity;

/// <summary>Who sends a request.</summary>
internal static class ClaimsPrincipalExtensions
{
    /// <summary>The account's id; only for operations that require one.</summary>
    /// <exception cref="InvalidOperationException">Nobody is logged in: the endpoint lets strangers in.</exception>
    public static long Id(this ClaimsPrincipal user) =>
        user.TryGetId() ?? throw new InvalidOperationException("The operation needs an account, but its endpoint does not ask for one.");

    /// <summary>The account's id, or null for a stranger.</summary>
    public static long? TryGetId(this ClaimsPrincipal user) =>
        long.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    public static bool MayModerate(this ClaimsPrincipal user) => user.IsInRole(Roles.Moderator) || user.IsInRole(Roles.Admin);
}
