using System.Security.Cryptography;
using System.Text;

namespace MovieAspire.Data.Migrations;

/// <summary>
/// A migration as the SQL that EF Core makes of it, committed at development time: what runs is what was reviewed, and
/// applying it needs neither the model nor EF Core's tools.
/// </summary>
/// <param name="Id">EF Core's migration id: a time stamp and a name.</param>
/// <param name="Up">Brings the schema from the migration before to this one, and records it in the history table.</param>
/// <param name="Down">The way back.</param>
public sealed record MigrationScript(string Id, string Up, string Down)
{
    private const string Folder = "scripts/";
    private const string UpEnding = ".up.sql";

    /// <summary>All migrations of this build, oldest first.</summary>
    public static IReadOnlyList<MigrationScript> All { get; } =
        [.. Ids().Select(id => new MigrationScript(id, Read(id + UpEnding), Read(id + ".down.sql")))];

    /// <summary>The migration that this build's model stands for.</summary>
    public static string LatestId => All[^1].Id;

    /// <summary>SHA-256 of the SQL in both directions, in lower-case hexadecimal.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Up + '\0' + Down)));

    private static IEnumerable<string> Ids() =>
        typeof(MigrationScript).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal) && name.EndsWith(UpEnding, StringComparison.Ordinal))
            .Select(name => name[Folder.Length..^UpEnding.Length])
            .Order(StringComparer.Ordinal);

    private static string Read(string file)
    {
        using var stream = typeof(MigrationScript).Assembly.GetManifestResourceStream(Folder + file)
            ?? throw new InvalidOperationException($"Migrations/Scripts/{file} is missing; run MigrationTests with MOVIEASPIRE_UPDATE=1.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
