using System.Globalization;
using System.Text.RegularExpressions;

namespace MovieAspire.MigrationWorker.Backups.PgTools;

/// <summary>The version of a PostgreSQL program.</summary>
/// <param name="Major">Programs and servers of one major version fit each other.</param>
/// <param name="Text">As the program says it, such as <c>15.18</c> or <c>18beta1</c>.</param>
internal sealed partial record ToolVersion(int Major, string Text)
{
    /// <summary>Reads what <c>--version</c> prints, such as <c>pg_dump (PostgreSQL) 15.18 (Debian 15.18-1)</c>.</summary>
    public static ToolVersion? Parse(string? printed) =>
        printed is not null && Pattern().Match(printed) is { Success: true } match
            ? new(int.Parse(match.Groups["major"].ValueSpan, CultureInfo.InvariantCulture), match.Groups["text"].Value)
            : null;

    /// <summary>The major version in a version's text.</summary>
    public static int MajorOf(string text) =>
        int.Parse(text.AsSpan(0, text.AsSpan().IndexOfAnyExceptInRange('0', '9') is > 0 and var end ? end : text.Length), CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\(PostgreSQL\) (?<text>(?<major>\d+)\S*)")]
    private static partial Regex Pattern();
}
