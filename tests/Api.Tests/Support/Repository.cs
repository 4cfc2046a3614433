namespace MovieAspire.Api.Tests.Support;

/// <summary>The clone that this test was built in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo? folder) => folder switch
    {
        null => throw new InvalidOperationException("No folder above the tests holds MovieAspire.sln."),
        _ when File.Exists(Path.Combine(folder.FullName, "MovieAspire.sln")) => folder.FullName,
        _ => Find(folder.Parent),
    };
}
