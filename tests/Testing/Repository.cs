namespace MovieAspire.Testing;

/// <summary>The clone that the tests were built in.</summary>
public static class Repository
{
    /// <summary>Its folder.</summary>
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo? folder) => folder switch
    {
        null => throw new InvalidOperationException("No folder above the tests holds MovieAspire.sln."),
        _ when File.Exists(Path.Combine(folder.FullName, "MovieAspire.sln")) => folder.FullName,
        _ => Find(folder.Parent),
    };
}
