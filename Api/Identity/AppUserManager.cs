using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MovieAspire.Data;
using MovieAspire.Data.Entities;
using MovieAspire.Data.Identity;
using Npgsql;

namespace MovieAspire.Api.Identity;

/// <summary>Identity's manager, for accounts that have a role from the start, and for strangers who try out ids and passwords.</summary>
internal sealed class AppUserManager(
    IUserStore<User> store,
    IOptions<IdentityOptions> options,
    IPasswordHasher<User> hasher,
    IEnumerable<IUserValidator<User>> userValidators,
    IEnumerable<IPasswordValidator<User>> passwordValidators,
    ILookupNormalizer normalizer,
    IdentityErrorDescriber errors,
    IServiceProvider services,
    ILogger<AppUserManager> logger,
    MovieDbContext db)
    : UserManager<User>(store, options, hasher, userValidators, passwordValidators, normalizer, errors, services, logger)
{
    /// <summary>The store would throw for what is no number, as in a link that was tampered with.</summary>
    public override async Task<User?> FindByIdAsync(string userId) =>
        long.TryParse(userId, out _) ? await base.FindByIdAsync(userId) : null;

    /// <summary>Account and role come together or not at all. Who loses a race for an address gets the error that the address is taken.</summary>
    public override async Task<IdentityResult> CreateAsync(User user)
    {
        try
        {
            return await db.Database.CreateExecutionStrategy().ExecuteAsync(() => CreateWithRoleAsync(user));
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return IdentityResult.Failed(ErrorDescriber.DuplicateEmail(user.Email!));
        }
    }

    /// <summary>
    /// As long as the second factor is off, its key protects nothing yet. Identity would end all tokens for a new one, that of the
    /// person who is about to turn it on included.
    /// </summary>
    public override async Task<IdentityResult> ResetAuthenticatorKeyAsync(User user)
    {
        if (user.TwoFactorEnabled)
        {
            return await base.ResetAuthenticatorKeyAsync(user);
        }

        await ((IUserAuthenticatorKeyStore<User>)Store).SetAuthenticatorKeyAsync(user, GenerateNewAuthenticatorKey(), CancellationToken);
        return await UpdateAsync(user);
    }

    /// <summary>Spends on a password what checking it would have cost, where there is nothing to check it against.</summary>
    public void SpendTimeOn(string password) => PasswordHasher.HashPassword(new User(), password);

    protected override Task<PasswordVerificationResult> VerifyPasswordAsync(IUserPasswordStore<User> store, User user, string password)
    {
        if (user.PasswordHash is null)
        {
            SpendTimeOn(password);
        }

        return base.VerifyPasswordAsync(store, user, password);
    }

    private async Task<IdentityResult> CreateWithRoleAsync(User user)
    {
        // What an attempt that failed half-way left behind.
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken);
        var result = await base.CreateAsync(user);
        if (result.Succeeded)
        {
            result = await AddToRoleAsync(user, Roles.User);
        }

        if (result.Succeeded)
        {
            await transaction.CommitAsync(CancellationToken);
        }

        return result;
    }
}
