using System.Runtime.CompilerServices;
using CliWrap;
using Npgsql;

namespace MovieAspire.MigrationWorker.Backups.PgTools;

/// <summary>Programs that are installed on this machine.</summary>
internal sealed class MachineTools(ToolVersion version, string folder) : ClientTools(version, folder)
{
    // The same installers as in LocalPostgres/PostgresInstallation.cs, and libpq, which Homebrew installs without a server.
    private static readonly (string Root, string Pattern, string Below)[] UsualFolders =
    [
        ("/usr/lib/postgresql", "*", "bin"),
        ("/usr", "pgsql-*", "bin"),
        ("/usr/local", "pgsql*", "bin"),
        ("/opt/homebrew/opt", "postgresql@*", "bin"),
        ("/opt/homebrew/opt", "libpq", "bin"),
        ("/usr/local/opt", "postgresql@*", "bin"),
        ("/usr/local/opt", "libpq", "bin"),
        ("/Applications/Postgres.app/Contents/Versions", "*", "bin"),
        ("/Library/PostgreSQL", "*", "bin"),
        (@"C:\Program Files\PostgreSQL", "*", "bin"),
    ];

    /// <summary>The folders of PATH, then those into which PostgreSQL is usually installed.</summary>
    public static IEnumerable<string> DefaultFolders() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(UsualFolders
                .Where(place => Directory.Exists(place.Root))
                .SelectMany(place => Directory.GetDirectories(place.Root, place.Pattern).Order()
                    .Select(found => Path.Combine(found, place.Below))));

    /// <summary>The programs in those of <paramref name="folders"/> that have them.</summary>
    public static async IAsyncEnumerable<MachineTools> FindAsync(
        IEnumerable<string> folders, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var folder in folders.Distinct())
        {
            var dump = Program(folder, Dump);
            if (File.Exists(dump) && File.Exists(Program(folder, Restore)) && !IsWrapper(dump)
                && ToolVersion.Parse(await ProcessRunner.TryReadAsync(dump, ["--version"], cancellationToken)) is { } version)
            {
                yield return new MachineTools(version, folder);
            }
        }
    }

    public override Task<ProcessResult> RunAsync(
        string program, IReadOnlyList<string> arguments, NpgsqlConnectionStringBuilder target, PipeTarget output,
        CancellationToken cancellationToken) =>
        ProcessRunner.RunAsync(
            Program(Place, program), arguments, LibpqEnvironment.From(target), PipeSource.Null, output, cancellationToken);

    public override Task<ToolFile> OfferAsync(string path, CancellationToken cancellationToken) =>
        Task.FromResult(new ToolFile(path, () => Task.CompletedTask));

    private static string Program(string folder, string name) => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);

    // Debian's /usr/bin/pg_dump is a wrapper that picks a version at each call; the real programs are in the usual folders.
    private static bool IsWrapper(string program) =>
        File.ResolveLinkTarget(program, returnFinalTarget: true) is { } target && Path.GetFileName(target.FullName) == "pg_wrapper";
}
