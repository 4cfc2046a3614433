using System.Globalization;
using System.Text.RegularExpressions;
using Aspire.Hosting;

namespace MovieAspire.LocalPostgres;

/// <summary>PostgreSQL's server programs on this machine.</summary>
/// <param name="Folder">The folder of <c>postgres</c> and <c>initdb</c>.</param>
/// <param name="Major">The major version. Data of another one cannot be read.</param>
/// <param name="Version">The whole version, such as 17.5.</param>
public sealed partial record PostgresInstallation(string Folder, int Major, string Version)
{
    /// <summary>The oldest supported major version.</summary>
    public const int OldestMajor = 15;

    private static readonly string Suffix = OperatingSystem.IsWindows() ? ".exe" : "";

    // Where installers put PostgreSQL; the asterisk matches its version.
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

    /// <summary>All supported installations, newest first: on the PATH, those of <c>pg_config</c>, and in the usual folders.</summary>
    /// <param name="only">The only folder to look in.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
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

    /// <summary>The supported installations in these folders, newest first.</summary>
    internal static async Task<IReadOnlyList<PostgresInstallation>> InspectAsync(
        IEnumerable<string> folders, CancellationToken cancellationToken = default)
    {
        // Resolve links: several folders can lead to one installation, and some, such as Debian's /usr/bin, link to single programs only.
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

    // Matches 17.5, 19beta1 and 19rc1.
    [GeneratedRegex(@"(\d+)(\.\d+|beta\d+|rc\d+)?")]
    private static partial Regex VersionNumber();
}
