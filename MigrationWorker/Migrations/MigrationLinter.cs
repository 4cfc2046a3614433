using System.Text.RegularExpressions;

namespace MovieAspire.MigrationWorker.Migrations;

/// <summary>Finds statements that are dangerous on a live database. Tables that the script itself creates are not in use yet.</summary>
internal sealed partial class MigrationLinter
{
    private readonly HashSet<string> _new = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Warnings about one statement; statements must come in the order of the script.</summary>
    public IReadOnlyList<LintWarning> Check(SqlStatement statement)
    {
        if (Created().Match(statement.Text) is { Success: true } created)
        {
            _new.Add(created.Groups["table"].Value);
            return [];
        }

        return [.. Find(statement)];
    }

    private IEnumerable<LintWarning> Find(SqlStatement statement)
    {
        var allowed = Allowed().Matches(statement.Comment).Select(match => match.Groups["rule"].Value).ToHashSet();
        foreach (var rule in LintRules.All)
        {
            if (rule.Pattern.Match(statement.Text) is { Success: true } match
                && !_new.Contains(match.Groups["table"].Value) && !allowed.Contains(rule.Name))
            {
                yield return new LintWarning(rule.Name, rule.Problem, rule.Remedy);
            }
        }
    }

    [GeneratedRegex(
        @"^CREATE\s+(?:(?:TEMP|TEMPORARY|UNLOGGED)\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?<table>" + SqlPattern.Name + ")",
        RegexOptions.IgnoreCase)]
    private static partial Regex Created();

    // An exception needs a reason.
    [GeneratedRegex(@"--\s*lint:\s*allow\s+(?<rule>[\w-]+):\s*\S")]
    private static partial Regex Allowed();
}

/// <summary>
/// What migrations are checked for, by the names of the linter squawk where it has such a rule. See "Notes" of ALTER TABLE and "Building
/// Indexes Concurrently" in the PostgreSQL manual.
/// </summary>
internal static class LintRules
{
    private const string Table = SqlPattern.Table;
    private const string Alter = @"^ALTER\s+TABLE\s+" + Table + @"\b[\s\S]*?";

    public static IReadOnlyList<LintRule> All { get; } =
    [
        new("require-concurrent-index-creation", SqlPattern.Create(
            @"^CREATE\s+(?:UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)[\s\S]*?\sON\s+" + Table),
            "blocks writes until the index is built",
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS, in a migration of its own (migrationBuilder.Sql with suppressTransaction)"),
        new("require-concurrent-index-deletion", SqlPattern.Create(@"^DROP\s+INDEX\s+(?!CONCURRENTLY)"),
            "waits for all queries on the table and blocks later ones",
            "DROP INDEX CONCURRENTLY IF EXISTS, in a migration of its own"),
        new("adding-required-field", SqlPattern.Create(
            Alter + @"ADD\s+(?:COLUMN\s+)?(?!CONSTRAINT)(?=[^;]*\bNOT\s+NULL\b)(?![^;]*\b(?:DEFAULT|GENERATED)\b)"),
            "fails on a table that has rows, and code that does not know the column can no longer insert",
            "add it with a constant DEFAULT, or nullable first, fill it in batches, then SET NOT NULL"),
        new("adding-field-with-default", SqlPattern.Create(
            Alter + @"ADD\s+(?:COLUMN\s+)?[^;]*\bDEFAULT\s*\(?\s*(?:random|gen_random_uuid|clock_timestamp|nextval|timeofday)\b"),
            "rewrites the table while reads and writes are blocked",
            "add the column without a default, set the default for new rows, fill the old ones in batches"),
        new("adding-field-with-default", SqlPattern.Create(
            Alter + @"ADD\s+(?:COLUMN\s+)?[^;]*\bGENERATED\s+(?:ALWAYS\s+AS\s*\(|(?:ALWAYS|BY\s+DEFAULT)\s+AS\s+IDENTITY)"),
            "rewrites the table while reads and writes are blocked",
            "add a plain column kept by a trigger, fill the old rows in batches"),
        new("changing-column-type", SqlPattern.Create(Alter + @"ALTER\s+(?:COLUMN\s+)?\S+\s+(?:SET\s+DATA\s+)?TYPE\b"),
            "may rewrite the table and its indexes while reads and writes are blocked; old code may not understand the type",
            "add a column of the new type, write both, fill the old rows in batches, switch, drop the old column in a later release"),
        new("adding-not-nullable-field", SqlPattern.Create(Alter + @"ALTER\s+(?:COLUMN\s+)?\S+\s+SET\s+NOT\s+NULL"),
            "scans the table while reads and writes are blocked",
            "ADD CONSTRAINT … CHECK (… IS NOT NULL) NOT VALID, VALIDATE CONSTRAINT, then SET NOT NULL, which then skips the scan"),
        new("constraint-missing-not-valid", SqlPattern.Create(
            Alter + @"ADD\s+(?:CONSTRAINT\s+\S+\s+)?(?:CHECK|FOREIGN\s+KEY)\b(?![\s\S]*\bNOT\s+VALID\b)"),
            "scans the table while writes are blocked",
            "ADD CONSTRAINT … NOT VALID, and VALIDATE CONSTRAINT in a migration after it"),
        new("disallowed-unique-constraint", SqlPattern.Create(
            Alter + @"ADD\s+(?:CONSTRAINT\s+\S+\s+)?(?:UNIQUE|PRIMARY\s+KEY)\b(?![\s\S]*\bUSING\s+INDEX\b)"),
            "builds an index while reads and writes are blocked",
            "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … USING INDEX"),
        new("ban-drop-column", SqlPattern.Create(Alter + @"DROP\s+(?:COLUMN\s+)?(?!CONSTRAINT|DEFAULT|NOT\b|EXPRESSION|IDENTITY)"),
            "the previous release still reads it, and its data is lost",
            "stop using it in one release, drop it in the next"),
        new("ban-drop-table", SqlPattern.Create(@"^DROP\s+TABLE\s+" + Table),
            "the previous release still reads it, and its data is lost",
            "stop using it in one release, drop it in the next"),
        new("renaming-column", SqlPattern.Create(Alter + @"RENAME\s+(?!TO\b|CONSTRAINT\b)"),
            "the previous release knows only the old name",
            "add a column of the new name, write both, drop the old one in a later release"),
        new("renaming-table", SqlPattern.Create(Alter + @"RENAME\s+TO\b"),
            "the previous release knows only the old name",
            "leave a view under the old name until the next release"),
        new("update-everything", SqlPattern.Create(@"^(?:UPDATE\s+" + Table + @"|DELETE\s+FROM\s+" + Table + @")\b(?![\s\S]*\bWHERE\b)"),
            "locks every row until the end of the migration and leaves the table twice as large",
            "change rows in batches, outside the migration"),
        new("ban-truncate", SqlPattern.Create(@"^TRUNCATE\s+(?:TABLE\s+)?" + Table),
            "the data is lost, and reads are blocked until the migration ends",
            "delete in batches what is not needed"),
        new("require-lock-timeout", SqlPattern.Create(@"^SET\s+(?:LOCAL\s+|SESSION\s+)?lock_timeout\s*(?:=|TO)\s*'?0"),
            "the migration waits for locks without limit, and every later query queues behind it",
            "keep the worker's own limit, --lock-timeout"),
    ];
}

/// <summary>A kind of statement that is dangerous on a table that is in use.</summary>
/// <param name="Name">By which a migration allows it: a comment <c>-- lint: allow NAME: reason</c> before the statement.</param>
/// <param name="Pattern">Finds it; its group <c>table</c> names the table.</param>
/// <param name="Problem">What happens.</param>
/// <param name="Remedy">What to do instead.</param>
internal sealed record LintRule(string Name, Regex Pattern, string Problem, string Remedy);

internal sealed record LintWarning(string Rule, string Problem, string Remedy);
