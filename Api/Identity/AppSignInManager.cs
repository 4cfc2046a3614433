using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Identity;

/// <summary>
/// Takes as long for an unknown or locked account as for a wrong password, so that the duration reveals nothing, and starts a session for
/// each login.
/// </summary>
internal sealed class AppSignInManager(
    AppUserManager users,
    IHttpContextAccessor context,
    IUserClaimsPrincipalFactory<User> claims,
    IOptions<IdentityOptions> options,
    ILogger<AppSignInManager> logger,
    IAuthenticationSchemeProvider schemes,
    IUserConfirmation<User> confirmation,
    SessionStore sessions)
    : SignInManager<User>(users, context, claims, options, logger, schemes, confirmation)
{
    /// <summary>The session that this request starts or refreshes.</summary>
    private TokenSession? _session;

    public override async Task<SignInResult> PasswordSignInAsync(string userName, string password, bool isPersistent, bool lockoutOnFailure)
    {
        if (await UserManager.FindByNameAsync(userName) is { } user)
        {
            return await PasswordSignInAsync(user, password, isPersistent, lockoutOnFailure);
        }

        users.HashForTiming(password);
        return SignInResult.Failed;
    }

    public override async Task SignInWithClaimsAsync(
        User user, AuthenticationProperties? authenticationProperties, IEnumerable<Claim> additionalClaims)
    {
        _session = await sessions.StartAsync(user, Context);
        await base.SignInWithClaimsAsync(user, authenticationProperties, additionalClaims);
    }

    /// <summary>Called by Identity's refresh endpoint only, which issues new tokens if this returns the user.</summary>
    public override async Task<User?> ValidateSecurityStampAsync(ClaimsPrincipal? principal)
    {
        var user = await base.ValidateSecurityStampAsync(principal);
        _session = user is null ? null : await sessions.RefreshAsync(principal!, user.Id);
        return _session is null ? null : user;
    }

    public override async Task<ClaimsPrincipal> CreateUserPrincipalAsync(User user)
    {
        var principal = await base.CreateUserPrincipalAsync(user);
        principal.Identities.First().AddClaims(_session?.Claims ?? []);
        return principal;
    }

    protected override async Task<SignInResult?> PreSignInCheck(User user)
    {
        var failure = await base.PreSignInCheck(user);
        if (failure is not null)
        {
            users.HashForTiming("");
        }

        return failure;
    }
}
