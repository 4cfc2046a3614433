using System.Text.RegularExpressions;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Migrations;

/// <summary>Handles indexes that are built while the table is in use. An interrupted build leaves an invalid index behind.</summary>
/// <remarks>PostgreSQL manual, CREATE INDEX, "Building Indexes Concurrently".</remarks>
internal static partial class ConcurrentIndexes
{
    public static bool Has(string script) => Concurrent().IsMatch(script);

    /// <summary>The index that a statement builds concurrently; null for any other.</summary>
    public static string? FindName(string statement) =>
        Concurrent().Match(statement).Groups["name"] is { Success: true } name ? name.Value : null;

    /// <summary>
    /// Whether an earlier, interrupted run has already built the statement's index. An invalid index is dropped, because IF NOT EXISTS
    /// would keep it.
    /// </summary>
    public static async Task<bool> IsBuiltAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        if (FindName(statement) is not { } name)
        {
            return false;
        }

        const string IsValid = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)";
        var isValid = await connection.ScalarAsync<bool?>(IsValid, cancellationToken, name);
        if (isValid is false)
        {
            await connection.ExecuteAsync($"DROP INDEX CONCURRENTLY {name}", cancellationToken);
        }

        return isValid is true;
    }

    [GeneratedRegex(
        @"^\s*(?:CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(?:IF\s+NOT\s+EXISTS\s+)?(?<name>" + SqlPattern.Name + ")"
        + @"|DROP\s+INDEX\s+CONCURRENTLY)",
        RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Concurrent();
}
