using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Identity;

/// <summary>Identity's sign-in, which takes as long for an unknown or locked account as for a wrong password, so that time tells nobody which it was.</summary>
internal sealed class AppSignInManager(
    AppUserManager accounts,
    IHttpContextAccessor context,
    IUserClaimsPrincipalFactory<User> claims,
    IOptions<IdentityOptions> options,
    ILogger<AppSignInManager> logger,
    IAuthenticationSchemeProvider schemes,
    IUserConfirmation<User> confirmation)
    : SignInManager<User>(accounts, context, claims, options, logger, schemes, confirmation)
{
    public override async Task<SignInResult> PasswordSignInAsync(string userName, string password, bool isPersistent, bool lockoutOnFailure)
    {
        if (await UserManager.FindByNameAsync(userName) is { } user)
        {
            return await PasswordSignInAsync(user, password, isPersistent, lockoutOnFailure);
        }

        accounts.SpendTimeOn(password);
        return SignInResult.Failed;
    }

    protected override async Task<SignInResult?> PreSignInCheck(User user)
    {
        var refusal = await base.PreSignInCheck(user);
        if (refusal is not null)
        {
            accounts.SpendTimeOn("");
        }

        return refusal;
    }
}
