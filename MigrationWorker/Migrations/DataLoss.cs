using System.Text.RegularExpressions;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Migrations;

/// <summary>Rows or values that a step would delete.</summary>
/// <param name="What">A table, or a column as <c>table.column</c>.</param>
/// <param name="Rows">The number of rows in the table, or with a value in the column.</param>
internal sealed partial record DataLoss(string What, long Rows)
{
    public override string ToString() => $"{What}: {Rows:N0} {(Rows == 1 ? "row" : "rows")}";

    /// <summary>Counts what the steps would drop. Empty tables and columns are no loss.</summary>
    public static async Task<IReadOnlyList<DataLoss>> FindAsync(
        NpgsqlConnection connection, IReadOnlyList<MigrationStep> steps, CancellationToken cancellationToken)
    {
        var losses = new List<DataLoss>();
        var statements = steps.SelectMany(step => SqlSplitter.Split(step.Sql));
        foreach (var (table, column) in statements.SelectMany(statement => Dropped(statement.Text)))
        {
            if (!BookkeepingTables.Contains(table) && await CountAsync(connection, table, column, cancellationToken) is > 0 and var rows)
            {
                losses.Add(new DataLoss(column is null ? table : $"{table}.{column}", rows));
            }
        }

        return losses;
    }

    private static IEnumerable<(string Table, string? Column)> Dropped(string statement)
    {
        if (Emptied().Match(statement) is { Success: true } tables)
        {
            return tables.Groups["table"].Captures.Select(table => (table.Value, (string?)null));
        }

        return Altered().Match(statement) is { Success: true } altered
            ? DroppedColumn().Matches(statement[altered.Length..])
                .Select(column => (altered.Groups["table"].Value, (string?)column.Groups["column"].Value))
            : [];
    }

    private static async Task<long> CountAsync(
        NpgsqlConnection connection, string table, string? column, CancellationToken cancellationToken)
    {
        try
        {
            // An unlogged table loses its rows in a crash anyway.
            return await connection.ScalarAsync<long>(
                $"""
                SELECT count({column ?? "*"}) FROM {table}
                WHERE (SELECT relpersistence <> 'u' FROM pg_class WHERE oid = '{table.Replace("'", "''", StringComparison.Ordinal)}'::regclass)
                """,
                cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
        {
            // An earlier step creates it, so it is empty.
            return 0;
        }
    }

    [GeneratedRegex(
        @"^(?:DROP\s+TABLE|TRUNCATE(?:\s+TABLE)?)\s+" + SqlPattern.TableList
        + @"|^DELETE\s+FROM\s+" + SqlPattern.Table + @"(?![\s\S]*\bWHERE\b)",
        RegexOptions.IgnoreCase)]
    private static partial Regex Emptied();

    [GeneratedRegex(@"^ALTER\s+TABLE\s+" + SqlPattern.Table, RegexOptions.IgnoreCase)]
    private static partial Regex Altered();

    // Matches at the start of an action: after the table's name or a comma.
    [GeneratedRegex(
        @"(?:^|,)\s*DROP\s+(?:COLUMN\s+)?(?!CONSTRAINT\b)(?:IF\s+EXISTS\s+)?(?<column>" + SqlPattern.Name + ")",
        RegexOptions.IgnoreCase)]
    private static partial Regex DroppedColumn();
}
