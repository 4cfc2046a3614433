using System.Text.RegularExpressions;

namespace MovieAspire.MigrationWorker.Migrations;

/// <summary>The strongest lock that a statement takes on a table that may be in use (PostgreSQL manual, 13.3 "Explicit Locking").</summary>
internal static class StatementLock
{
    private const string Table = @"(?:ONLY\s+)?(?:IF\s+EXISTS\s+)?(?<table>(?:""[^""]+""|[\w.])+)";

    private static readonly (Regex Pattern, string Lock)[] Locks =
    [
        (Rule(@"^ALTER\s+TABLE\s+" + Table + @"[\s\S]*\bVALIDATE\s+CONSTRAINT\b"), "SHARE UPDATE EXCLUSIVE"),
        (Rule(@"^ALTER\s+TABLE\s+" + Table + @"[\s\S]*\bADD\b[\s\S]*\bFOREIGN\s+KEY\b"), "SHARE ROW EXCLUSIVE"),
        (Rule(@"^ALTER\s+TABLE\s+" + Table), "ACCESS EXCLUSIVE"),
        (Rule(@"^DROP\s+TABLE\s+" + Table), "ACCESS EXCLUSIVE"),
        (Rule(@"^TRUNCATE\s+(?:TABLE\s+)?" + Table), "ACCESS EXCLUSIVE"),
        (Rule(@"^CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY[\s\S]*?\sON\s+" + Table), "SHARE UPDATE EXCLUSIVE"),
        (Rule(@"^CREATE\s+(?:UNIQUE\s+)?INDEX[\s\S]*?\sON\s+" + Table), "SHARE"),
        (Rule(@"^DROP\s+INDEX\s+CONCURRENTLY\s+" + Table), "SHARE UPDATE EXCLUSIVE"),
        (Rule(@"^DROP\s+INDEX\s+" + Table), "ACCESS EXCLUSIVE"),
        (Rule(@"^CREATE\s+(?:OR\s+REPLACE\s+)?(?:CONSTRAINT\s+)?TRIGGER[\s\S]*?\sON\s+" + Table), "SHARE ROW EXCLUSIVE"),
        (Rule(@"^DROP\s+TRIGGER[\s\S]*?\sON\s+" + Table), "ACCESS EXCLUSIVE"),
        (Rule(@"^(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+" + Table), "ROW EXCLUSIVE"),
    ];

    /// <summary>The lock and its table; null for a statement that takes none on a table.</summary>
    public static (string Mode, string Table)? Of(string statement)
    {
        foreach (var (pattern, mode) in Locks)
        {
            if (pattern.Match(statement) is { Success: true } match)
            {
                return (mode, match.Groups["table"].Value);
            }
        }

        return null;
    }

    private static Regex Rule(string pattern) => new(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
}
