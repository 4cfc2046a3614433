using System.Text.RegularExpressions;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Migrations;

/// <summary>What a step would throw away, counted.</summary>
/// <param name="What">A table, or a column as <c>table.column</c>.</param>
/// <param name="Rows">How many rows of the table there are, or hold a value in the column.</param>
internal sealed partial record DataLoss(string What, long Rows)
{
    public override string ToString() => $"{What}: {Rows:N0} {(Rows == 1 ? "row" : "rows")}";

    /// <summary>Counts in the database what the steps would drop; what is empty is no loss.</summary>
    public static async Task<IReadOnlyList<DataLoss>> FindAsync(NpgsqlConnection connection, IReadOnlyList<MigrationStep> steps, CancellationToken cancellationToken)
    {
        var losses = new List<DataLoss>();
        foreach (var statement in steps.SelectMany(step => SqlSplitter.Split(step.Sql)))
        {
            if (Dropped(statement.Text) is { } dropped && !BookkeepingTables.Contains(dropped.Table) && await CountAsync(connection, dropped.Table, dropped.Column, cancellationToken) is > 0 and var rows)
            {
                losses.Add(new DataLoss(dropped.Column is null ? dropped.Table : $"{dropped.Table}.{dropped.Column}", rows));
            }
        }

        return losses;
    }

    private static (string Table, string? Column)? Dropped(string statement)
    {
        if (Table().Match(statement) is { Success: true } table)
        {
            return (table.Groups["table"].Value, null);
        }

        return Column().Match(statement) is { Success: true } column ? (column.Groups["table"].Value, column.Groups["column"].Value) : null;
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection, string table, string? column, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.ScalarAsync<long>($"SELECT count({column ?? "*"}) FROM {table}", cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
        {
            // An earlier step makes it first, so there is nothing in it.
            return 0;
        }
    }

    [GeneratedRegex(@"^(?:DROP\s+TABLE|TRUNCATE(?:\s+TABLE)?|DELETE\s+FROM)\s+(?:IF\s+EXISTS\s+)?(?<table>(?:""[^""]+""|[\w.])+)(?![\s\S]*\bWHERE\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Table();

    [GeneratedRegex(@"^ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?<table>(?:""[^""]+""|[\w.])+)\s+DROP\s+COLUMN\s+(?:IF\s+EXISTS\s+)?(?<column>(?:""[^""]+""|\w)+)", RegexOptions.IgnoreCase)]
    private static partial Regex Column();
}
