using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Identity;

/// <summary>Takes as long for an unknown or locked account as for a wrong password, so that the time reveals nothing.</summary>
internal sealed class AppSignInManager(
    AppUserManager users,
    IHttpContextAccessor context,
    IUserClaimsPrincipalFactory<User> claims,
    IOptions<IdentityOptions> options,
    ILogger<AppSignInManager> logger,
    IAuthenticationSchemeProvider schemes,
    IUserConfirmation<User> confirmation)
    : SignInManager<User>(users, context, claims, options, logger, schemes, confirmation)
{
    public override async Task<SignInResult> PasswordSignInAsync(string userName, string password, bool isPersistent, bool lockoutOnFailure)
    {
        if (await UserManager.FindByNameAsync(userName) is { } user)
        {
            return await PasswordSignInAsync(user, password, isPersistent, lockoutOnFailure);
        }

        users.HashForTiming(password);
        return SignInResult.Failed;
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
