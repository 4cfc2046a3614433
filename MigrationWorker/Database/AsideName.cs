using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>Names of databases that stand beside another one: its name, what they are for, and when they were made.</summary>
internal static class AsideName
{
    /// <summary>Being filled by a restore or a rebuild; not yet in use.</summary>
    public const string Restoring = "restoring";

    /// <summary>Filled by <c>verify-backup</c> and dropped at its end.</summary>
    public const string Verifying = "verifying";

    /// <summary>The live database of earlier, which a restore or a rebuild replaced.</summary>
    public const string Replaced = "replaced";

    private const string TimeFormat = "yyyyMMdd_HHmmss_fff";

    // PostgreSQL cuts names after 63 bytes without asking.
    private const int LongestLiveName = 63 - 1 - 9 - 1 - 19;

    public static string Create(string live, string purpose, DateTimeOffset at) =>
        Prefix(live, purpose) + at.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>When a database was put beside <paramref name="live"/> for this purpose, or null where it was not.</summary>
    public static DateTimeOffset? Time(string name, string live, string purpose) =>
        name.StartsWith(Prefix(live, purpose), StringComparison.Ordinal)
        && DateTimeOffset.TryParseExact(
            name[Prefix(live, purpose).Length..], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;

    private static string Prefix(string live, string purpose) =>
        $"{(Encoding.UTF8.GetByteCount(live) <= LongestLiveName ? live : "db_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(live)))[..16])}_{purpose}_";
}
