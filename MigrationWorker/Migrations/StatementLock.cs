using System.Text.RegularExpressions;

namespace MovieAspire.MigrationWorker.Migrations;

/// <summary>The strongest lock that a statement takes on a table that may be in use (PostgreSQL manual, 13.3 "Explicit Locking").</summary>
internal static class StatementLock
{
    private const string Table = SqlPattern.Table;

    private static readonly (Regex Pattern, string Lock)[] Locks =
    [
        (SqlPattern.Create(@"^ALTER\s+TABLE\s+" + Table + @"[\s\S]*\bVALIDATE\s+CONSTRAINT\b"), "SHARE UPDATE EXCLUSIVE"),
        (SqlPattern.Create(@"^ALTER\s+TABLE\s+" + Table + @"[\s\S]*\bADD\b[\s\S]*\bFOREIGN\s+KEY\b"), "SHARE ROW EXCLUSIVE"),
        (SqlPattern.Create(@"^ALTER\s+TABLE\s+" + Table), "ACCESS EXCLUSIVE"),
        (SqlPattern.Create(@"^DROP\s+TABLE\s+" + Table), "ACCESS EXCLUSIVE"),
        (SqlPattern.Create(@"^TRUNCATE\s+(?:TABLE\s+)?" + Table), "ACCESS EXCLUSIVE"),
        (SqlPattern.Create(@"^CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY[\s\S]*?\sON\s+" + Table), "SHARE UPDATE EXCLUSIVE"),
        (SqlPattern.Create(@"^CREATE\s+(?:UNIQUE\s+)?INDEX[\s\S]*?\sON\s+" + Table), "SHARE"),
        (SqlPattern.Create(@"^DROP\s+INDEX\s+CONCURRENTLY\s+" + Table), "SHARE UPDATE EXCLUSIVE"),
        (SqlPattern.Create(@"^DROP\s+INDEX\s+" + Table), "ACCESS EXCLUSIVE"),
        (SqlPattern.Create(@"^CREATE\s+(?:OR\s+REPLACE\s+)?(?:CONSTRAINT\s+)?TRIGGER[\s\S]*?\sON\s+" + Table), "SHARE ROW EXCLUSIVE"),
        (SqlPattern.Create(@"^DROP\s+TRIGGER[\s\S]*?\sON\s+" + Table), "ACCESS EXCLUSIVE"),
        (SqlPattern.Create(@"^(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+" + Table), "ROW EXCLUSIVE"),
    ];

    /// <summary>The lock and its table; null if the statement locks no table.</summary>
    public static (string Mode, string Table)? Find(string statement)
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
}
