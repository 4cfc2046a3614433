namespace MovieAspire.MigrationWorker.Backups;

/// <summary>Sizes for people.</summary>
internal static class Sizes
{
    private static readonly string[] Units = ["bytes", "kB", "MB", "GB", "TB"];

    /// <summary>In powers of 1024, as PostgreSQL's own pg_size_pretty says them.</summary>
    public static string Describe(long bytes)
    {
        var unit = 0;
        double size = bytes;
        while (size >= 1024 && unit < Units.Length - 1)
        {
            size /= 1024;
            unit++;
        }

        return unit == 0 ? $"{bytes} {Units[0]}" : $"{size:0.0} {Units[unit]}";
    }
}
