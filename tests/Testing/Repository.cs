namespace MovieAspire.Testing;

/// <summary>The clone in which the tests were built.</summary>
public static class Repository
{
    private static readonly HashSet<string> BuildFolders =
        new(["artifacts", ".git", "bin", "obj", "node_modules", "TestResults"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Its root folder.</summary>
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>A path in it.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Copies a folder without the output of builds.</summary>
    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }

        foreach (var folder in Directory.GetDirectories(from).Where(folder => !BuildFolders.Contains(Path.GetFileName(folder))))
        {
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }

    private static string Find(DirectoryInfo? folder) => folder switch
    {
        null => throw new InvalidOperationException("No folder above the tests holds MovieAspire.slnx."),
        _ when File.Exists(Path.Combine(folder.FullName, "MovieAspire.slnx")) => folder.FullName,
        _ => Find(folder.Parent),
    };
}
