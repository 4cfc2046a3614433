using System.Text.RegularExpressions;
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

        await using var find = new NpgsqlCommand("SELECT count(*) FROM pg_index WHERE indexrelid = to_regclass($1) AND NOT indisvalid", connection)
        {
            Parameters = { new() { Value = name } },
        };
        if ((long)(await find.ExecuteScalarAsync(cancellationToken))! > 0)
        {
            await using var drop = new NpgsqlCommand($"DROP INDEX CONCURRENTLY {name}", connection);
            await drop.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    [GeneratedRegex(@"^\s*(?:CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(?:IF\s+NOT\s+EXISTS\s+)?(?<name>(?:""[^""]+""|[\w.])+)|DROP\s+INDEX\s+CONCURRENTLY)", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Concurrent();
}
