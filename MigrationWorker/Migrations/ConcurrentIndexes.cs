using System.Text.RegularExpressions;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Migrations;

/// <summary>Indexes that are built while the table is in use. A build that is interrupted leaves an invalid index behind.</summary>
/// <remarks>PostgreSQL manual, CREATE INDEX, "Building Indexes Concurrently".</remarks>
internal static partial class ConcurrentIndexes
{
    public static bool Has(string script) => Concurrent().IsMatch(script);

    /// <summary>Drops what an interrupted build of this statement's index left, since IF NOT EXISTS would take it for the index.</summary>
    public static async Task DropInvalidAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        if (Concurrent().Match(statement) is not { Success: true } match || match.Groups["name"].Value is not { Length: > 0 } name)
        {
            return;
        }

        const string Invalid = "SELECT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass($1) AND NOT indisvalid)";
        if (await connection.ScalarAsync<bool>(Invalid, cancellationToken, name))
        {
            await connection.ExecuteAsync($"DROP INDEX CONCURRENTLY {name}", cancellationToken);
        }
    }

    [GeneratedRegex(
        @"^\s*(?:CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(?:IF\s+NOT\s+EXISTS\s+)?(?<name>" + SqlPattern.Name + ")"
        + @"|DROP\s+INDEX\s+CONCURRENTLY)",
        RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Concurrent();
}
