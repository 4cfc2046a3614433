using System.Globalization;
using System.Text.RegularExpressions;

namespace MovieAspire.Standalone.Hosting;

/// <summary>A PostgreSQL installation.</summary>
internal sealed partial record PostgresBinaries(string Folder, int Major, string Version)
{
    public const int OldestMajor = 15;

    private static readonly string Suffix = OperatingSystem.IsWindows() ? ".exe" : "";

    public string Server => Path.Combine(Folder, "postgres" + Suffix);

    public string InitDb => Path.Combine(Folder, "initdb" + Suffix);

    /// <summary>Every usable installation of this machine, the newest first.</summary>
    /// <param name="only">The folder to use and no other, from the setting <c>Standalone:PostgresBinaries</c>.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static async Task<IReadOnlyList<PostgresBinaries>> FindAllAsync(string? only, CancellationToken cancellationToken)
    {
        var folders = string.IsNullOrEmpty(only) ? Folders().ToList() : [only];
        if (string.IsNullOrEmpty(only) && Executables.Find("pg_config") is { } tool
            && await Tool.RunAsync(new Command(tool, ["--bindir"]), TimeSpan.FromSeconds(2), cancellationToken) is { Succeeded: true } answer)
        {
            folders.Add(answer.Output.Trim());
        }

        var found = await Task.WhenAll(folders.Where(IsInstallation).Distinct().Select(folder => InspectAsync(folder, cancellationToken)));
        return [.. found.OfType<PostgresBinaries>().Where(b => b.Major >= OldestMajor).OrderByDescending(b => b.Major).DistinctBy(b => b.Version)];
    }

    /// <summary>Where installers of the usual systems put PostgreSQL.</summary>
    private static IEnumerable<string> Folders()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        (string Parent, string Pattern, string Below)[] usual = OperatingSystem.IsWindows()
            ? [(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL"), "*", "bin")]
            :
            [
                ("/usr/lib/postgresql", "*", "bin"), // Debian, Ubuntu
                ("/usr", "pgsql-*", "bin"), // Red Hat, from postgresql.org
                ("/usr/local", "pgsql*", "bin"), // from source
                ("/opt/homebrew/opt", "postgresql*", "bin"), // Homebrew on Apple silicon
                ("/usr/local/opt", "postgresql*", "bin"), // Homebrew on Intel
                ("/Applications/Postgres.app/Contents/Versions", "*", "bin"), // Postgres.app
                ("/Library/PostgreSQL", "*", "bin"), // EDB's installer
            ];
        return path.Concat(usual.Where(u => Directory.Exists(u.Parent))
            .SelectMany(u => Directory.EnumerateDirectories(u.Parent, u.Pattern).Select(folder => Path.Combine(folder, u.Below))));
    }

    private static bool IsInstallation(string folder) => File.Exists(Path.Combine(folder, "postgres" + Suffix)) && File.Exists(Path.Combine(folder, "initdb" + Suffix));

    private static async Task<PostgresBinaries?> InspectAsync(string folder, CancellationToken cancellationToken)
    {
        var answer = await Tool.RunAsync(new Command(Path.Combine(folder, "postgres" + Suffix), ["--version"]), TimeSpan.FromSeconds(2), cancellationToken);
        return answer is { Succeeded: true } && VersionNumber().Match(answer.Output) is { Success: true } match
            ? new PostgresBinaries(folder, int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), match.Value)
            : null;
    }

    [GeneratedRegex(@"(\d+)(\.\d+)?(beta\d+|rc\d+)?")]
    private static partial Regex VersionNumber();
}
