namespace MovieAspire.Testing;

/// <summary>Finds the folder of PostgreSQL's server programs.</summary>
internal static class PostgresBinaries
{
    private static readonly (string Root, string Pattern, string Below)[] UsualFolders =
    [
        ("/usr/lib/postgresql", "*", "bin"),
        ("/usr", "pgsql-*", "bin"),
        ("/opt/homebrew/opt", "postgresql@*", "bin"),
        ("/usr/local/opt", "postgresql@*", "bin"),
        ("/Applications/Postgres.app/Contents/Versions", "*", "bin"),
        (@"C:\Program Files\PostgreSQL", "*", "bin"),
    ];

    public static string Find()
    {
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var usual = UsualFolders
            .Where(place => Directory.Exists(place.Root))
            .SelectMany(place => Directory.GetDirectories(place.Root, place.Pattern).Order().Reverse().Select(folder => Path.Combine(folder, place.Below)));
        var program = OperatingSystem.IsWindows() ? "initdb.exe" : "initdb";
        return onPath.Concat(usual).FirstOrDefault(folder => File.Exists(Path.Combine(folder, program)))
            ?? throw new InvalidOperationException(
                "These tests need PostgreSQL 15 or newer: install it (for example the package postgresql-15), or name a server in MOVIEASPIRE_TEST_POSTGRES.");
    }
}
