using System.Diagnostics;
using Npgsql;

namespace MovieAspire.Testing;

/// <summary>A PgBouncer of one test, in front of a server.</summary>
public sealed class PgBouncer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly Process _process;

    private PgBouncer(DirectoryInfo folder, Process process, string connectionString) =>
        (_folder, _process, ConnectionString) = (folder, process, connectionString);

    /// <summary>The connection string of the same database through the pooler.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts it with a <c>pool_mode</c> (session, transaction or statement) and further settings.</summary>
    public static async Task<PgBouncer> StartAsync(string connectionString, string poolMode, params string[] settings)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        var port = FreePort.Find();
        var folder = Directory.CreateTempSubdirectory("movieaspire-pgbouncer-");
        var file = Path.Combine(folder.FullName, "pgbouncer.ini");
        await File.WriteAllTextAsync(file, $"""
            [databases]
            * = host={server.Host} port={server.Port} user={server.Username} password={server.Password}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = any
            pool_mode = {poolMode}
            {string.Join('\n', settings)}
            """);

        // It refuses to run as root, and reads its settings as the other user.
        var isRoot = Environment.IsPrivilegedProcess;
        if (isRoot && !OperatingSystem.IsWindows())
        {
            const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
            folder.UnixFileMode = Everybody;
        }

        string[] user = isRoot ? ["-u", "nobody"] : [];
        var process = Process.Start(Cli.Command("pgbouncer", [.. user, file]))!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var pooled = new NpgsqlConnectionStringBuilder(connectionString) { Host = "127.0.0.1", Port = port };
        var pooler = new PgBouncer(folder, process, pooled.ConnectionString);
        try
        {
            await Eventually.SucceedsAsync(async () =>
            {
                await using var connection = new NpgsqlConnection(pooler.ConnectionString);
                await connection.OpenAsync();
            });
        }
        catch
        {
            await pooler.DisposeAsync();
            throw;
        }

        return pooler;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
