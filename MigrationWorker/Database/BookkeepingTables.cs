namespace MovieAspire.MigrationWorker.Database;

/// <summary>The tables in which EF Core and the worker record what they did. They hold no user data.</summary>
internal static class BookkeepingTables
{
    private static readonly HashSet<string> Names = ["__EFMigrationsHistory", "applied_migrations", "applied_seeds"];

    /// <summary>True for the name of such a table, in quotes or without.</summary>
    public static bool Contains(string table) => Names.Contains(table.Trim('"'));
}
