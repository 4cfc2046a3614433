using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MovieAspire.Api.Database;
using MovieAspire.Data;
using MovieAspire.Data.Entities;
using MovieAspire.Data.Identity;
using Npgsql;

namespace MovieAspire.Api.Identity;

/// <summary>
/// Creates accounts together with their role, and resists guessing: invalid ids are not found instead of an error, and a missing password
/// takes as long as a wrong one.
/// </summary>
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
    MovieDbContext db,
    SessionStore sessions)
    : UserManager<User>(store, options, hasher, userValidators, passwordValidators, normalizer, errors, services, logger)
{
    private const string UsedCode = "used authenticator code";

    /// <summary>Longer than Identity accepts a code: its own period of 30 s, and two before and after.</summary>
    private static readonly TimeSpan CodeLifetime = TimeSpan.FromMinutes(5);

    /// <summary>The store throws for an id that is not a number, as in a link that was tampered with.</summary>
    public override async Task<User?> FindByIdAsync(string userId) =>
        long.TryParse(userId, out _) ? await base.FindByIdAsync(userId) : null;

    /// <summary>Creates account and role in one transaction. The loser of a race for an email gets the error that it is taken.</summary>
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
    /// Keeps the tokens valid while the second factor is off: Identity would revoke them for a new key, including the token of the
    /// user who is about to turn it on.
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

    /// <summary>
    /// Accepts each code of an authenticator app only once (RFC 6238, 5.2), so that nobody can reuse a code that they saw being typed.
    /// </summary>
    public override async Task<bool> VerifyTwoFactorTokenAsync(User user, string tokenProvider, string token) =>
        await base.VerifyTwoFactorTokenAsync(user, tokenProvider, token)
        && (tokenProvider != Options.Tokens.AuthenticatorTokenProvider || await UseCodeAsync(user.Id, token));

    /// <summary>Hashes a password even if there is nothing to compare it with, so that both take equally long.</summary>
    public void HashForTiming(string password) => PasswordHasher.HashPassword(new User(), password);

    /// <summary>Ends all sessions in the same transaction if the credentials change.</summary>
    protected override Task<IdentityResult> UpdateUserAsync(User user)
    {
        var stamp = db.Entry(user).Property(u => u.SecurityStamp);
        return stamp.OriginalValue == stamp.CurrentValue
            ? base.UpdateUserAsync(user)
            : db.InTransactionAsync(
                async token =>
                {
                    var result = await base.UpdateUserAsync(user);
                    if (result.Succeeded)
                    {
                        await sessions.EndAllAsync(user.Id, token);
                    }

                    return result;
                },
                CancellationToken);
    }

    protected override Task<PasswordVerificationResult> VerifyPasswordAsync(IUserPasswordStore<User> store, User user, string password)
    {
        if (user.PasswordHash is null)
        {
            HashForTiming(password);
        }

        return base.VerifyPasswordAsync(store, user, password);
    }

    private async Task<bool> UseCodeAsync(long userId, string token)
    {
        // Identity parses the code as a number, which has many spellings.
        var code = int.Parse(token, CultureInfo.CurrentCulture).ToString(CultureInfo.InvariantCulture);
        var now = DateTimeOffset.UtcNow;
        var (at, forgotten) = ($"{now:O}", $"{now - CodeLifetime:O}");
        await db.Database.ExecuteSqlAsync(
            $"DELETE FROM user_tokens WHERE user_id = {userId} AND login_provider = {UsedCode} AND value < {forgotten}", CancellationToken);
        return await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO user_tokens (user_id, login_provider, name, value) VALUES ({userId}, {UsedCode}, {code}, {at})
            ON CONFLICT DO NOTHING
            """,
            CancellationToken) == 1;
    }

    private async Task<IdentityResult> CreateWithRoleAsync(User user)
    {
        // Identity would report a taken user name as well, if another spelling of the email has an account.
        if (!EmailValidator.IsEmail(user.Email))
        {
            return IdentityResult.Failed(ErrorDescriber.InvalidEmail(user.Email));
        }

        // Detach the entities of a failed attempt.
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
