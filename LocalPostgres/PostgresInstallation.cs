using System.Globalization;
using System.Text.RegularExpressions;
using Aspire.Hosting;

namespace MovieAspire.LocalPostgres;

/// <summary>PostgreSQL's server programs on this machine.</summary>
/// <param name="Folder">The folder of <c>postgres</c> and <c>initdb</c>.</param>
/// <param name="Major">The major version; data of one cannot be read by another.</param>
/// <param name="Version">The whole version, such as 17.5.</param>
public sealed partial record PostgresInstallation(string Folder, int Major, string Version)
{
    /// <summary>The oldest major version that is of use.</summary>
    public const int OldestMajor = 15;

    private static readonly string Suffix = OperatingSystem.IsWindows() ? ".exe" : "";

    // Where the usual installers put PostgreSQL; an asterisk stands for its version.
    private static readonly (string Parent, string Pattern)[] UsualPlaces = OperatingSystem.IsWindows()
        ? [(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL"), "*")]
        :
        [
            ("/usr/lib/postgresql", "*"), // Debian, Ubuntu
            ("/usr", "pgsql-*"), // Red Hat, Fedora, SUSE, from postgresql.org
            ("/usr/local", "pgsql*"), // from source
            ("/opt/homebrew/opt", "postgresql*"), // Homebrew on Apple silicon
            ("/usr/local/opt", "postgresql*"), // Homebrew on Intel
            ("/Applications/Postgres.app/Contents/Versions", "*"), // Postgres.app
            ("/Library/PostgreSQL", "*"), // EDB's installer
        ];

    internal string Server => Path.Combine(Folder, "postgres" + Suffix);

    internal string InitDb => Path.Combine(Folder, "initdb" + Suffix);

    /// <summary>Every usable installation, the newest first: on the PATH, named by <c>pg_config</c>, in the usual folders.</summary>
    /// <param name="only">The folder to use and no other.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public static async Task<IReadOnlyList<PostgresInstallation>> FindAllAsync(
        string? only = null, CancellationToken cancellationToken = default)
    {
        if (!string.IsNullOrEmpty(only))
        {
            return await InspectAsync([only], cancellationToken);
        }

        var folders = Programs.Folders.ToList();
        if (Programs.Find("pg_config") is { } tool
            && await Programs.RunAsync([tool, "--bindir"], TimeSpan.FromSeconds(2), cancellationToken: cancellationToken)
                is { IsSuccess: true } answer)
        {
            folders.Add(answer.StandardOutput.Trim());
        }

        folders.AddRange(UsualPlaces.Where(place => Directory.Exists(place.Parent))
            .SelectMany(place => Directory.EnumerateDirectories(place.Parent, place.Pattern))
            .Select(folder => Path.Combine(folder, "bin")));
        return await InspectAsync(folders, cancellationToken);
    }

    /// <summary>The newest installation of this machine.</summary>
    /// <exception cref="DistributedApplicationException">There is none.</exception>
    public static async Task<PostgresInstallation> FindAsync(CancellationToken cancellationToken = default) =>
        await FindAllAsync(cancellationToken: cancellationToken) is [var newest, ..] ? newest : throw new DistributedApplicationException(
            $"There is no PostgreSQL {OldestMajor} or newer on this machine. {HowToInstall}");

    internal const string HowToInstall =
        "Install it (Debian, Ubuntu: apt install postgresql; Fedora: dnf install postgresql-server; macOS: brew install postgresql; "
        + "Windows: winget install PostgreSQL.PostgreSQL.17).";

    /// <summary>Those of the folders that hold a usable installation, the newest first.</summary>
    internal static async Task<IReadOnlyList<PostgresInstallation>> InspectAsync(
        IEnumerable<string> folders, CancellationToken cancellationToken = default)
    {
        // Links lead to one folder from many; some of them, such as Debian's for single programs, hold no installation of their own.
        var found = await Task.WhenAll(folders
            .Select(folder => new FileInfo(Path.Combine(folder, "postgres" + Suffix)))
            .Where(server => server.Exists)
            .Select(server => Path.GetDirectoryName(server.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? server.FullName)!)
            .Where(folder => File.Exists(Path.Combine(folder, "initdb" + Suffix)))
            .Distinct()
            .Select(folder => InspectAsync(folder, cancellationToken)));
        return [.. found.OfType<PostgresInstallation>().Where(i => i.Major >= OldestMajor).OrderByDescending(i => i.Number)];
    }

    private Version Number =>
        new(Major, Version.Split('.') is [_, var minor] && int.TryParse(minor, CultureInfo.InvariantCulture, out var n) ? n : 0);

    private static async Task<PostgresInstallation?> InspectAsync(string folder, CancellationToken cancellationToken)
    {
        var answer = await Programs.RunAsync(
            [Path.Combine(folder, "postgres" + Suffix), "--version"], TimeSpan.FromSeconds(5), cancellationToken: cancellationToken);
        return answer is { IsSuccess: true } && VersionNumber().Match(answer.StandardOutput) is { Success: true } match
            ? new PostgresInstallation(folder, int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), match.Value)
            : null;
    }

    // Also 19beta1 and 19rc1.
    [GeneratedRegex(@"(\d+)(\.\d+|beta\d+|rc\d+)?")]
    private static partial Regex VersionNumber();
}
