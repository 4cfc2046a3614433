using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Database;
using MovieAspire.Api.Identity;
using MovieAspire.Data;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Admin;

/// <summary>
/// Changes accounts on behalf of admins. Each action and its audit entry are one transaction. An action that changes nothing is not
/// recorded.
/// </summary>
internal sealed class UserAdministration(MovieDbContext db, AuditTrail audit, SessionStore sessions)
{
    private const string Subject = "user";

    public Task<ActResult> AddRoleAsync(long userId, string role, CancellationToken cancellationToken) => ActAsync(
        userId,
        async token =>
        {
            var added = await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO user_roles (user_id, role_id) SELECT {userId}, id FROM roles WHERE name = {role}
                ON CONFLICT DO NOTHING
                """,
                token);
            if (added > 0)
            {
                await audit.RecordAsync("role.added", Subject, userId, null, new { role }, token);
            }

            return ActResult.Done;
        },
        cancellationToken);

    public Task<ActResult> RemoveRoleAsync(long userId, string role, CancellationToken cancellationToken) => ActAsync(
        userId,
        async token =>
        {
            if (role == Roles.Admin && await db.IsLastAdminAsync(userId, token))
            {
                return ActResult.LastAdmin;
            }

            var removed = await db.UserRoles
                .Where(membership => membership.UserId == userId)
                .Where(membership => db.Roles.Any(row => row.Id == membership.RoleId && row.Name == role))
                .ExecuteDeleteAsync(token);
            if (removed > 0)
            {
                await audit.RecordAsync("role.removed", Subject, userId, new { role }, null, token);
            }

            return ActResult.Done;
        },
        cancellationToken);

    /// <summary>Locks an account until it is unlocked, and ends its sessions.</summary>
    public Task<ActResult> LockAsync(long userId, string? reason, CancellationToken cancellationToken) => ActAsync(
        userId,
        async token =>
        {
            if (await db.IsLastAdminAsync(userId, token))
            {
                return ActResult.LastAdmin;
            }

            // New stamps make a concurrent login fail to start a session, and a concurrent failed login fail to overwrite the lock.
            var (security, concurrency) = ($"{Guid.NewGuid():N}", $"{Guid.NewGuid()}");
            var locked = await db.Users
                .Where(user => user.Id == userId && (user.LockoutEnd == null || user.LockoutEnd != AccountLock.UntilUnlocked))
                .ExecuteUpdateAsync(
                    user => user
                        .SetProperty(u => u.LockoutEnabled, true)
                        .SetProperty(u => u.LockoutEnd, AccountLock.UntilUnlocked)
                        .SetProperty(u => u.SecurityStamp, security)
                        .SetProperty(u => u.ConcurrencyStamp, concurrency),
                    token);
            if (locked > 0)
            {
                await sessions.EndAllAsync(userId, token);
                await audit.RecordAsync("user.locked", Subject, userId, new { locked = false }, new { locked = true, reason }, token);
            }

            return ActResult.Done;
        },
        cancellationToken);

    /// <summary>Removes a lock, whether an admin or failed logins caused it.</summary>
    public Task<ActResult> UnlockAsync(long userId, CancellationToken cancellationToken) => ActAsync(
        userId,
        async token =>
        {
            var concurrency = $"{Guid.NewGuid()}";
            var unlocked = await db.Users
                .Where(user => user.Id == userId && user.LockoutEnd > DateTimeOffset.UtcNow)
                .ExecuteUpdateAsync(
                    user => user
                        .SetProperty(u => u.LockoutEnd, (DateTimeOffset?)null)
                        .SetProperty(u => u.AccessFailedCount, 0)
                        .SetProperty(u => u.ConcurrencyStamp, concurrency),
                    token);
            if (unlocked > 0)
            {
                await audit.RecordAsync("user.unlocked", Subject, userId, new { locked = true }, new { locked = false }, token);
            }

            return ActResult.Done;
        },
        cancellationToken);

    public Task<ActResult> EndSessionsAsync(long userId, CancellationToken cancellationToken) => ActAsync(
        userId,
        async token =>
        {
            var ended = await sessions.EndAllAsync(userId, token);
            if (ended > 0)
            {
                await audit.RecordAsync("sessions.ended", Subject, userId, new { sessions = ended }, new { sessions = 0 }, token);
            }

            return ActResult.Done;
        },
        cancellationToken);

    public Task<ActResult> EndSessionAsync(long userId, Guid sessionId, CancellationToken cancellationToken) => ActAsync(
        userId,
        async token =>
        {
            if (await db.Sessions.Where(session => session.Id == sessionId && session.UserId == userId).ExecuteDeleteAsync(token) == 0)
            {
                return ActResult.NotFound;
            }

            await audit.RecordAsync("session.ended", Subject, userId, new { sessionId }, null, token);
            return ActResult.Done;
        },
        cancellationToken);

    private Task<ActResult> ActAsync(
        long userId, Func<CancellationToken, Task<ActResult>> act, CancellationToken cancellationToken) => db.InTransactionAsync(
        async token => await db.LockUserRowAsync(userId, token) ? await act(token) : ActResult.NotFound, cancellationToken);
}

/// <summary>The outcome of an action.</summary>
internal enum ActResult
{
    Done,
    NotFound,

    /// <summary>Refused, because no admin would be left who can log in.</summary>
    LastAdmin,
}

internal static class AdminQueries
{
    /// <summary>
    /// Locks the user's row until the transaction ends, so that nobody else deletes, locks or unlocks the account or changes its roles.
    /// False if there is no such account.
    /// </summary>
    public static async Task<bool> LockUserRowAsync(this MovieDbContext db, long userId, CancellationToken cancellationToken) =>
        await db.Database.SqlQuery<long>($"""SELECT id AS "Value" FROM users WHERE id = {userId} FOR UPDATE""")
            .ToListAsync(cancellationToken) is [_];

    /// <summary>
    /// Whether this account is the only admin who can log in. The caller holds the lock of its row. Concurrent removals of two admins are
    /// serialized here by a lock on the role.
    /// </summary>
    public static async Task<bool> IsLastAdminAsync(this MovieDbContext db, long userId, CancellationToken cancellationToken)
    {
        var admins = db.UserRoles.Where(membership => db.Roles.Any(role => role.Id == membership.RoleId && role.Name == Roles.Admin));
        if (!await admins.AnyAsync(membership => membership.UserId == userId, cancellationToken))
        {
            return false;
        }

        await db.Database.ExecuteSqlAsync($"SELECT FROM roles WHERE name = {Roles.Admin} FOR NO KEY UPDATE", cancellationToken);
        return !await admins.AnyAsync(
            membership => membership.UserId != userId && db.Users.Any(user => user.Id == membership.UserId
                && (user.LockoutEnd == null || user.LockoutEnd != AccountLock.UntilUnlocked)),
            cancellationToken);
    }
}
