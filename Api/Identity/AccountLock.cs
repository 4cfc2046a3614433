namespace MovieAspire.Api.Identity;

/// <summary>
/// The two kinds of locks, which Identity stores in one column: ten failed logins lock for a while, an admin locks until an admin unlocks.
/// </summary>
internal static class AccountLock
{
    /// <summary>PostgreSQL's <c>infinity</c>.</summary>
    public static readonly DateTimeOffset UntilUnlocked = DateTimeOffset.MaxValue;
}
