using System.Diagnostics;
using System.Globalization;
using MovieAspire.LocalPostgres;

namespace MovieAspire.Testing;

/// <summary>
/// A PostgreSQL cluster in a temporary folder, on a free port of the loopback address. Deleted when disposed or when this process ends.
/// </summary>
public sealed class ThrowAwayCluster : IDisposable
{
    private const string Password = "test";
    private readonly Process _server;
    private readonly bool _isKept;

    private ThrowAwayCluster(string folder, bool isKept, Process server, int port)
    {
        Folder = folder;
        _isKept = isKept;
        _server = server;
        Port = port;
    }

    public int Port { get; }

    /// <summary>The superuser's connection string.</summary>
    public string ConnectionString =>
        $"Host=127.0.0.1;Port={Port};Username=postgres;Password={Password};Database=postgres;Maximum Pool Size=40;Timeout=30";

    /// <summary>The folder of the server's files.</summary>
    public string Folder { get; }

    /// <summary>Creates a cluster and starts its server.</summary>
    /// <param name="settings">Server settings, such as <c>fsync=off</c>.</param>
    /// <exception cref="InvalidOperationException">PostgreSQL is missing, or the server did not start. The message contains its log.</exception>
    public static Task<ThrowAwayCluster> StartAsync(params string[] settings) =>
        StartAsync(NewFolder(), isTemporary: true, ["max_connections=300", "max_wal_size=256MB", .. settings]);

    /// <summary>Starts the cluster in a folder that is kept, and creates it there first if necessary.</summary>
    /// <inheritdoc cref="StartAsync(string[])"/>
    public static Task<ThrowAwayCluster> StartKeptAsync(string folder, params string[] settings) =>
        StartAsync(folder, isTemporary: false, settings);

    /// <summary>A new folder for a cluster, in memory on Linux: copying a database takes a tenth of the time that it takes on disk.</summary>
    public static string NewFolder()
    {
        const string Memory = "/dev/shm";
        var isLargeEnough = Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace >= 4L << 30;
        var folder = Path.Combine(isLargeEnough ? Memory : Path.GetTempPath(), $"movieaspire-test-{Path.GetRandomFileName()}");
        return Directory.CreateDirectory(folder).FullName;
    }

    private static async Task<ThrowAwayCluster> StartAsync(string folder, bool isTemporary, string[] settings)
    {
        var cluster = new PostgresCluster(await PostgresServer.FindInstallationAsync(), folder, isTemporary);
        await cluster.PrepareAsync(Password);
        var port = FreePort.Find();
        var server = Start(cluster.BoundServerCommand(settings), folder, port);
        var started = new ThrowAwayCluster(folder, !isTemporary, server, port);
        try
        {
            await started.WaitUntilReadyAsync();
        }
        catch
        {
            started.Dispose();
            throw;
        }

        return started;
    }

    /// <summary>Stops the server as a power failure would, and starts it again, so that it recovers from its log. Not on Windows.</summary>
    public async Task RestartAsync()
    {
        var before = await StartTimeAsync();
        await _server.StandardInput.WriteLineAsync();
        await Eventually.HoldsAsync(async () => await StartTimeAsync() != before, "the server has started again");
    }

    public void Dispose()
    {
        try
        {
            _server.StandardInput.Close();
            if (OperatingSystem.IsWindows())
            {
                _server.Kill(entireProcessTree: true);
            }

            _server.WaitForExit(TimeSpan.FromSeconds(10));
            _server.Dispose();
        }
        finally
        {
            if (!_isKept && Directory.Exists(Folder))
            {
                Directory.Delete(Folder, recursive: true);
            }
        }
    }

    private static Process Start(IReadOnlyList<string> command, string folder, int port) => Process.Start(
        new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            UseShellExecute = false,
            Environment = { ["PGPORT"] = port.ToString(CultureInfo.InvariantCulture) },
        })!;

    private Task<DateTime> StartTimeAsync() => Sql.ScalarAsync<DateTime>(ConnectionString, "SELECT pg_postmaster_start_time()");

    private async Task WaitUntilReadyAsync()
    {
        try
        {
            await Eventually.SucceedsAsync(async () =>
            {
                if (_server.HasExited)
                {
                    throw new InvalidOperationException("The server has ended.");
                }

                await StartTimeAsync();
            });
        }
        catch (TimeoutException e)
        {
            var log = Path.Combine(Folder, "log");
            throw new InvalidOperationException($"PostgreSQL did not start: {(File.Exists(log) ? await File.ReadAllTextAsync(log) : "no log")}", e);
        }
    }
}
