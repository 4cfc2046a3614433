namespace MovieAspire.MigrationWorker.Backups;

/// <summary>Compares what a database holds with what a backup says that it holds.</summary>
internal static class ContentDifference
{
    /// <summary>One sentence for each table that differs; none where all are equal.</summary>
    public static IReadOnlyList<string> Between(IReadOnlyList<TableContent> expected, IReadOnlyList<TableContent> actual)
    {
        var actuals = actual.ToDictionary(table => (table.Schema, table.Name));
        var known = expected.Select(table => (table.Schema, table.Name)).ToHashSet();
        return
        [
            .. expected.Select(table => Compare(table, actuals.GetValueOrDefault((table.Schema, table.Name)))).OfType<string>(),
            .. actual.Where(table => !known.Contains((table.Schema, table.Name))).Select(table => $"{table.FullName} is not in the backup"),
        ];
    }

    private static string? Compare(TableContent expected, TableContent? actual) => actual switch
    {
        null => $"{expected.FullName} is missing",
        _ when actual.Rows != expected.Rows => $"{expected.FullName} has {actual.Rows} rows instead of {expected.Rows}",
        _ when actual.Hash != expected.Hash => $"{expected.FullName} has other values in its {expected.Rows} rows",
        _ => null,
    };
}
