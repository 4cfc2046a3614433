using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MovieAspire.Api.Database;
using MovieAspire.Api.Emails;
using MovieAspire.Data;
using MovieAspire.Data.Entities;
using MovieAspire.Data.Identity;
using Npgsql;

namespace MovieAspire.Api.Identity;

/// <summary>
/// Creates accounts together with their role, resists guessing (invalid ids are not found instead of an error, a missing password takes as
/// long as a wrong one, each failure counts), and writes to the user when the credentials change.
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
    SessionStore sessions,
    EmailQueue emails)
    : UserManager<User>(store, options, hasher, userValidators, passwordValidators, normalizer, errors, services, logger)
{
    private const string UsedCode = "used authenticator code";

    /// <summary>Longer than Identity accepts a code: its own period of 30 s, and two before and after.</summary>
    private static readonly TimeSpan CodeLifetime = TimeSpan.FromMinutes(5);

    /// <summary>The email that is written in the transaction of the next update.</summary>
    private (string Recipient, EmailContent Content)? _notice;

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

    /// <summary>In one statement: of many failures at once, each counts. A lock by an admin stays.</summary>
    public override async Task<IdentityResult> AccessFailedAsync(User user)
    {
        var most = Options.Lockout.MaxFailedAccessAttempts;
        var lockEnd = DateTimeOffset.UtcNow + Options.Lockout.DefaultLockoutTimeSpan;
        await db.Users.Where(row => row.Id == user.Id).ExecuteUpdateAsync(
            row => row
                .SetProperty(u => u.LockoutEnd, u => u.AccessFailedCount + 1 < most || u.LockoutEnd > lockEnd ? u.LockoutEnd : lockEnd)
                .SetProperty(u => u.AccessFailedCount, u => u.AccessFailedCount + 1 < most ? u.AccessFailedCount + 1 : 0)
                .SetProperty(u => u.ConcurrencyStamp, $"{Guid.NewGuid()}"),
            CancellationToken);
        return IdentityResult.Success;
    }

    /// <summary>In one statement: of many logins at once, none fails because another one has counted.</summary>
    public override async Task<IdentityResult> ResetAccessFailedCountAsync(User user)
    {
        await db.Users.Where(row => row.Id == user.Id && row.AccessFailedCount > 0).ExecuteUpdateAsync(
            row => row.SetProperty(u => u.AccessFailedCount, 0).SetProperty(u => u.ConcurrencyStamp, $"{Guid.NewGuid()}"),
            CancellationToken);
        return IdentityResult.Success;
    }

    /// <summary>Guesses at the old password count as failed logins do: a stolen token must not be the way around their limit.</summary>
    public override async Task<IdentityResult> ChangePasswordAsync(User user, string currentPassword, string newPassword)
    {
        if (await IsLockedOutAsync(user))
        {
            HashForTiming(currentPassword);
            return WrongOldPassword;
        }

        var result = await NotifyingAsync(
            user, EmailTemplates.PasswordChanged(), () => base.ChangePasswordAsync(user, currentPassword, newPassword));
        if (result.Errors.All(error => error.Code != nameof(IdentityErrorDescriber.PasswordMismatch)))
        {
            return result;
        }

        await AccessFailedAsync(user);
        return WrongOldPassword;
    }

    public override Task<IdentityResult> ResetPasswordAsync(User user, string token, string newPassword) =>
        NotifyingAsync(user, EmailTemplates.PasswordChanged(), () => base.ResetPasswordAsync(user, token, newPassword));

    /// <summary>Writes to the old email: whoever took the account has the new one.</summary>
    public override Task<IdentityResult> ChangeEmailAsync(User user, string newEmail, string token) =>
        NotifyingAsync(user, EmailTemplates.EmailChanged(), () => base.ChangeEmailAsync(user, newEmail, token));

    public override Task<IdentityResult> SetTwoFactorEnabledAsync(User user, bool enabled) =>
        NotifyingAsync(
            user,
            enabled == user.TwoFactorEnabled ? null : enabled ? EmailTemplates.SecondFactorOn() : EmailTemplates.SecondFactorOff(),
            () => base.SetTwoFactorEnabledAsync(user, enabled));

    public override async Task<IEnumerable<string>?> GenerateNewTwoFactorRecoveryCodesAsync(User user, int number) =>
        await NotifyingAsync(
            user,
            // The first ones come with the second factor.
            await CountRecoveryCodesAsync(user) == 0 ? null : EmailTemplates.RecoveryCodesReplaced(),
            () => base.GenerateNewTwoFactorRecoveryCodesAsync(user, number));

    public override Task<IdentityResult> RedeemTwoFactorRecoveryCodeAsync(User user, string code) =>
        NotifyingAsync(user, EmailTemplates.RecoveryCodeUsed(), () => base.RedeemTwoFactorRecoveryCodeAsync(user, code));

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

    /// <summary>Ends all sessions and writes to the user in the same transaction if the credentials change.</summary>
    protected override Task<IdentityResult> UpdateUserAsync(User user)
    {
        var stamp = db.Entry(user).Property(u => u.SecurityStamp);
        var endsSessions = stamp.OriginalValue != stamp.CurrentValue;
        return !endsSessions && _notice is null
            ? base.UpdateUserAsync(user)
            : db.InTransactionAsync(
                async token =>
                {
                    var result = await base.UpdateUserAsync(user);
                    if (result.Succeeded && endsSessions)
                    {
                        await sessions.EndAllAsync(user.Id, token);
                    }

                    if (result.Succeeded && _notice is var (recipient, content))
                    {
                        await emails.WriteNoticeAsync(db, recipient, content, token);
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

    private static IdentityResult WrongOldPassword => IdentityResult.Failed(new IdentityError
    {
        Code = nameof(IdentityErrorDescriber.PasswordMismatch),
        Description = "The password is wrong, or there were too many attempts; in that case wait 15 minutes.",
    });

    /// <summary>Has the update within <paramref name="change"/> write an email, unless nobody has confirmed that the address is theirs.</summary>
    private async Task<T> NotifyingAsync<T>(User user, EmailContent? content, Func<Task<T>> change)
    {
        _notice = user is { EmailConfirmed: true, Email: { } email } && content is not null ? (email, content) : null;
        try
        {
            return await change();
        }
        finally
        {
            _notice = null;
        }
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

/// <summary>
/// The two kinds of locks, which Identity stores in one column: ten failed logins lock for a while, an admin locks until an admin unlocks.
/// </summary>
internal static class AccountLock
{
    /// <summary>PostgreSQL's <c>infinity</c>.</summary>
    public static readonly DateTimeOffset UntilUnlocked = DateTimeOffset.MaxValue;
}
