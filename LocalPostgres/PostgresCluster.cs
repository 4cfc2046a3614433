using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting;
using CliWrap.Buffered;

namespace MovieAspire.LocalPostgres;

/// <summary>A database cluster in its own folder: creates it, cleans up after the last run, and returns the command that serves it.</summary>
/// <param name="installation">The server's programs.</param>
/// <param name="folder">Contains the data and a few files about it.</param>
/// <param name="isTemporary">Whether the data is deleted after the run. Temporary data survives a crash of the server, but not a power failure.</param>
public sealed class PostgresCluster(PostgresInstallation installation, string folder, bool isTemporary)
{
    /// <summary>The superuser.</summary>
    public const string UserName = "postgres";

    // On SIGTERM, PostgreSQL waits for its clients to disconnect. Orchestrators send SIGTERM and kill soon after, so the shell turns it
    // into SIGINT, a fast shutdown.
    private const string FastShutdown = """
        trap 'kill -INT $!' TERM INT HUP
        folder=$1; shift
        "$@" 2>&1 &
        while :; do wait $!; code=$?; kill -0 $! 2>/dev/null || break; done
        [ -z "$folder" ] || { cd /; rm -rf "$folder"; }
        exit $code
        """;

    // The shell reads a pipe from its parent. On a line it stops the server as a power failure would, and starts it again. When the pipe
    // closes, even because the parent crashed, it stops the server and deletes temporary data.
    private const string BoundToParent = """
        log=$1; folder=$2; shift 2
        start() { "$@" >>"$log" 2>&1 & }
        start "$@"
        while read -r _; do kill -QUIT $!; wait $!; start "$@"; done
        kill -INT $!; wait $!
        [ -z "$folder" ] || { cd /; rm -rf "$folder"; }
        """;

    private string Data => Path.Combine(folder, "data");

    private string FolderToDelete => isTemporary ? folder : "";

    private string PasswordHash => Path.Combine(folder, "password.sha256");

    private string Synced => Path.Combine(folder, "synced");

    /// <summary>The major version of the data in a folder; null if there is no data.</summary>
    /// <exception cref="DistributedApplicationException">The data is incomplete, or something else is in its place.</exception>
    internal static int? MajorOfData(string folder)
    {
        var data = Path.Combine(folder, "data");
        return !Directory.Exists(data) ? null
            : File.Exists(Path.Combine(data, "PG_VERSION")) && File.Exists(Path.Combine(data, "global", "pg_control"))
                && int.TryParse(File.ReadAllText(Path.Combine(data, "PG_VERSION")), CultureInfo.InvariantCulture, out var major)
            ? major
            : throw new DistributedApplicationException(
                $"{data} exists, but does not contain all files of a PostgreSQL cluster. Restore what is missing, or move it away.");
    }

    /// <summary>Makes the cluster ready for a server to start, whatever the last run left behind.</summary>
    /// <param name="password">The superuser's password. Replaces the old one if it has changed.</param>
    /// <param name="cancellationToken">Cancels the preparation.</param>
    /// <exception cref="DistributedApplicationException">It failed; the message says what to do.</exception>
    public async Task PrepareAsync(string password, CancellationToken cancellationToken = default)
    {
        PostgresDataFolder.Create(folder);
        if (MajorOfData(folder) is null)
        {
            await InitializeAsync(password, cancellationToken);
        }
        else
        {
            await LeftoverServer.StopAsync(Data, cancellationToken);
        }

        await SetPasswordAsync(password, cancellationToken);
    }

    /// <summary>The command that serves the cluster until SIGTERM, on the port in <c>PGPORT</c> of the loopback address.</summary>
    /// <remarks>Windows has no such signal: there the server is killed, and recovers from its log at the next start.</remarks>
    public IReadOnlyList<string> ServerCommand(params IEnumerable<string> settings) => OperatingSystem.IsWindows()
        ? PostgresCommand(settings)
        : UnprivilegedUser.Wrap(["/bin/sh", "-c", FastShutdown, "sh", FolderToDelete, .. PostgresCommand(settings)]);

    /// <summary>
    /// The command that serves the cluster until its standard input closes, and so as long as its parent lives. It logs to the file <c>log</c>.
    /// </summary>
    public IReadOnlyList<string> BoundServerCommand(params IEnumerable<string> settings) => OperatingSystem.IsWindows()
        ? PostgresCommand(settings)
        : UnprivilegedUser.Wrap(
            ["/bin/sh", "-c", BoundToParent, "sh", Path.Combine(folder, "log"), FolderToDelete, .. PostgresCommand(settings)]);

    /// <summary>Flushes a new cluster to disk. Done while the server runs, so that the first start need not wait for it.</summary>
    public async Task SyncAsync(CancellationToken cancellationToken)
    {
        if (!isTemporary && !File.Exists(Synced)
            && await RunAsync([installation.InitDb, "--sync-only", "-D", Data], "", cancellationToken) is { IsSuccess: true })
        {
            await File.WriteAllTextAsync(Synced, "", cancellationToken);
        }
    }

    private string[] PostgresCommand(IEnumerable<string> settings)
    {
        string[] all =
        [
            "listen_addresses=localhost", "unix_socket_directories=", "logging_collector=off", "log_destination=stderr",
            // No time: the dashboard shows it. User and database in the lines of sessions.
            "log_line_prefix=%q%u@%d ", "lc_messages=C",
            .. isTemporary ? ["fsync=off", "full_page_writes=off"] : Array.Empty<string>(),
            .. settings,
        ];
        return [installation.Server, "-D", Data, .. all.SelectMany(setting => new[] { "-c", setting })];
    }

    private async Task InitializeAsync(string password, CancellationToken cancellationToken)
    {
        // Initialize another folder and rename it: so a killed initdb leaves nothing that looks like data, and one that outlives its
        // AppHost does not disturb the next.
        foreach (var leftover in Directory.EnumerateDirectories(folder, "new-*").ToList())
        {
            TryDelete(leftover);
        }

        var unfinished = Path.Combine(folder, $"new-{Guid.NewGuid():N}");
        PostgresDataFolder.Create(unfinished);
        try
        {
            var passwordFile = Path.Combine(unfinished, "password");
            await WritePrivateAsync(passwordFile, password, cancellationToken);
            await UnprivilegedUser.OwnAsync(folder, cancellationToken);
            string[] locale = OperatingSystem.IsLinux() ? ["--locale=C.UTF-8"]
                : installation.Major >= 17 ? ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
                : ["--locale=C"];
            var data = Path.Combine(unfinished, "data");
            var result = await RunAsync(
                [
                    installation.InitDb, "-D", data, "-U", UserName, $"--pwfile={passwordFile}", "--auth=scram-sha-256",
                    "--encoding=UTF8", .. locale, "--no-instructions", "--no-sync",
                ], "", cancellationToken);
            if (result is not { IsSuccess: true })
            {
                throw new DistributedApplicationException(
                    $"initdb of PostgreSQL {installation.Version} failed in {folder}: {result?.StandardError.Trim() ?? "it does not end"}");
            }

            await WritePrivateAsync(PasswordHash, Hash(password), cancellationToken);
            Directory.Move(data, Data);
        }
        finally
        {
            TryDelete(unfinished);
        }
    }

    /// <summary>
    /// Sets a password that has changed since the last start, in single-user mode: a server would demand the old one.
    /// </summary>
    private async Task SetPasswordAsync(string password, CancellationToken cancellationToken)
    {
        if (File.Exists(PasswordHash) && await File.ReadAllTextAsync(PasswordHash, cancellationToken) == Hash(password))
        {
            return;
        }

        // In single-user mode, a command ends with its line.
        var literal = password.Replace("'", "''", StringComparison.Ordinal);
        var statement = $"ALTER ROLE {UserName} PASSWORD '{literal}'\n";
        var result = await RunAsync(
            [installation.Server, "--single", "-c", "log_min_messages=error", "-D", Data, "postgres"], statement, cancellationToken);
        if (result is not { IsSuccess: true } || result.StandardError.Contains("ERROR:", StringComparison.Ordinal))
        {
            throw new DistributedApplicationException(
                $"The password of the data in {folder} cannot be set: {result.Reason()}");
        }

        await WritePrivateAsync(PasswordHash, Hash(password), cancellationToken);
    }

    private Task<BufferedCommandResult?> RunAsync(IEnumerable<string> command, string input, CancellationToken cancellationToken) =>
        Programs.RunAsync(UnprivilegedUser.Wrap(command), TimeSpan.FromMinutes(2), input, folder, cancellationToken);

    private static async Task WritePrivateAsync(string path, string content, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var file = new FileStream(path, options);
        await file.WriteAsync(Encoding.UTF8.GetBytes(content), cancellationToken);
    }

    private static string Hash(string password) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(password)));

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // An initdb that is ending still writes there. The next initialization tries again.
        }
    }
}
