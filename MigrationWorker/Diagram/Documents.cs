using MovieAspire.MigrationWorker.Cli;

namespace MovieAspire.MigrationWorker.Diagram;

/// <summary>The documents that are made of the model: a part of <c>database.md</c> between two marks, and the picture beside it.</summary>
internal static class Documents
{
    private const string Begin = "<!-- begin: made by `migrations diagram --docs docs` -->\n";
    private const string End = "<!-- end -->\n";

    /// <summary>File names and what they should hold, with the hand-written parts as they are.</summary>
    /// <exception cref="UserErrorException">The marks are missing.</exception>
    public static IReadOnlyDictionary<string, string> Make(string folder)
    {
        var tables = SchemaReader.Read();
        var file = Path.Combine(folder, "database.md");
        var text = File.ReadAllText(file);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin)
        {
            throw new UserErrorException($"{file} needs the lines {Begin.Trim()} and {End.Trim()}; what is between them is replaced.");
        }

        return new Dictionary<string, string>
        {
            [file] = text[..(begin + Begin.Length)] + "\n" + Reference.Write(tables) + "\n" + text[end..],
            [Path.Combine(folder, "database.svg")] = Svg.Write(tables),
        };
    }
}
