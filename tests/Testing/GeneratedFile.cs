namespace MovieAspire.Testing;

/// <summary>
/// A committed file that is generated from the code, such as the SQL of migrations. A test compares it with the code, or writes it if
/// <c>MOVIEASPIRE_UPDATE=1</c>.
/// </summary>
public static class GeneratedFile
{
    /// <summary>Whether tests write these files instead of comparing them.</summary>
    public static bool IsUpdating => Environment.GetEnvironmentVariable("MOVIEASPIRE_UPDATE") == "1";

    /// <summary>Compares the file with its expected content, or writes it.</summary>
    /// <param name="path">Path from the root of the repository.</param>
    /// <param name="content">The expected content.</param>
    /// <exception cref="InvalidOperationException">The file is missing or differs.</exception>
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
                $"{path} is not what the code generates. If the change is intended, run this test with MOVIEASPIRE_UPDATE=1 and commit the file.");
        }
    }
}
