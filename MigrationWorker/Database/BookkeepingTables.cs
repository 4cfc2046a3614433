namespace MovieAspire.MigrationWorker.Database;

/// <summary>The tables in which EF Core and the worker record what they did. They hold no user data.</summary>
internal static class BookkeepingTables
{
    public const string History = "__EFMigrationsHistory";

    public static string[] All { get; } = [History, "applied_migrations", "applied_seeds"];

    /// <summary>Whether a name, quoted or not, is that of such a table.</summary>
    public static bool Contains(string table) => All.Contains(table.Trim('"'));
}
