using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace MovieAspire.Testing;

/// <summary>A PostgreSQL cluster in a temporary folder, on a free port of the loopback address; gone when disposed or when this process dies.</summary>
public sealed class ThrowAwayCluster : IDisposable
{
    private const string Password = "test";
    private readonly string _folder;
    private readonly Process _server;

    private ThrowAwayCluster(string folder, Process server, int port)
    {
        _folder = folder;
        _server = server;
        Port = port;
    }

    public int Port { get; }

    /// <summary>Connection string of the superuser.</summary>
    public string ConnectionString =>
        $"Host=127.0.0.1;Port={Port};Username=postgres;Password={Password};Database=postgres;Maximum Pool Size=40;Timeout=30";

    /// <summary>The folder that holds the server's files; its log is <c>log</c> there.</summary>
    public string Folder => _folder;

    /// <summary>Makes a cluster and starts it.</summary>
    /// <param name="settings">Server settings, such as <c>fsync=off</c>.</param>
    /// <exception cref="InvalidOperationException">PostgreSQL is missing, or the server did not start; the message holds its log.</exception>
    public static async Task<ThrowAwayCluster> StartAsync(params string[] settings)
    {
        var binaries = PostgresBinaries.Find();
        var folder = Directory.CreateTempSubdirectory("movieaspire-test-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "password"), Password);
        if (Unprivileged.IsNeeded)
        {
            Unprivileged.GiveFolder(folder);
        }

        await InitializeAsync(binaries, folder);
        var port = FreePort();
        var cluster = new ThrowAwayCluster(folder, StartServer(binaries, folder, port, settings), port);
        try
        {
            await cluster.WaitUntilReadyAsync();
        }
        catch
        {
            cluster.Dispose();
            throw;
        }

        return cluster;
    }

    /// <summary>Stops the server as a power failure would, and starts it again: it recovers from its log. Not on Windows.</summary>
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
            if (Directory.Exists(_folder))
            {
                Directory.Delete(_folder, recursive: true);
            }
        }
    }

    private static async Task InitializeAsync(string binaries, string folder)
    {
        using var initdb = Start(
            folder,
            [Path.Combine(binaries, "initdb"), "--no-sync", "--encoding=UTF8", "--locale=C", "--auth=scram-sha-256",
             "--username=postgres", $"--pwfile={Path.Combine(folder, "password")}", "-D", Path.Combine(folder, "data")]);
        var output = initdb.StandardOutput.ReadToEndAsync();
        var error = await initdb.StandardError.ReadToEndAsync();
        await initdb.WaitForExitAsync();
        if (initdb.ExitCode != 0)
        {
            throw new InvalidOperationException($"initdb ended with {initdb.ExitCode}: {await output}{error}");
        }
    }

    private static Process StartServer(string binaries, string folder, int port, string[] settings)
    {
        string[] command =
        [
            Path.Combine(binaries, "postgres"), "-D", Path.Combine(folder, "data"), "-p", $"{port}",
            "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=300",
            .. settings.SelectMany(setting => new[] { "-c", setting }),
        ];

        // The shell holds a pipe from this process: a line stops the server at once and starts it again; when it closes, be it by a
        // crash, the server is stopped and its files go.
        const string Guard =
            """folder=$1; shift; start() { "$@" >>"$folder/log" 2>&1 & }; start "$@"; while read -r _; do kill -QUIT $!; wait $!; start "$@"; done; kill -INT $!; wait $!; cd /; rm -rf "$folder" """;
        return OperatingSystem.IsWindows() ? Start(folder, command) : Start(folder, ["sh", "-c", Guard, "sh", folder, .. command]);
    }

    private static Process Start(string folder, string[] command)
    {
        string[] full = Unprivileged.IsNeeded ? [.. Unprivileged.Prefix, .. command] : command;
        var start = new ProcessStartInfo(full[0], full[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        return Process.Start(start)!;
    }

    private async Task<DateTime> StartTimeAsync()
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT pg_postmaster_start_time()", connection);
        return (DateTime)(await command.ExecuteScalarAsync())!;
    }

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

                await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
                await connection.OpenAsync();
            });
        }
        catch (TimeoutException e)
        {
            var log = Path.Combine(_folder, "log");
            throw new InvalidOperationException($"PostgreSQL did not start: {(File.Exists(log) ? await File.ReadAllTextAsync(log) : "no log")}", e);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
