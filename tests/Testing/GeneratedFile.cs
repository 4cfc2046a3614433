namespace MovieAspire.Testing;

/// <summary>
/// A committed file that is made of the code, such as the migrations' SQL. A test compares the two; with
/// <c>MOVIEASPIRE_UPDATE=1</c> it writes the file instead.
/// </summary>
public static class GeneratedFile
{
    /// <summary>Whether tests write such files instead of comparing them.</summary>
    public static bool IsUpdating => Environment.GetEnvironmentVariable("MOVIEASPIRE_UPDATE") == "1";

    /// <summary>Compares the file with what it should hold, or writes it.</summary>
    /// <param name="path">Path from the root of the repository.</param>
    /// <param name="content">What it should hold.</param>
    /// <exception cref="InvalidOperationException">The file is missing or holds something else.</exception>
    public static async Task VerifyAsync(string path, string content)
    {
        var file = Path.Combine(Repository.Root, path);
        var expected = content.ReplaceLineEndings("\n");
        if (IsUpdating)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, expected);
        }
        else if (!File.Exists(file) || (await File.ReadAllTextAsync(file)).ReplaceLineEndings("\n") != expected)
        {
            throw new InvalidOperationException(
                $"{path} is not what the code makes. If the change is meant, run this test with MOVIEASPIRE_UPDATE=1 and commit the file.");
        }
    }
}
