using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.LocalPostgres.Tests;

/// <summary>A cluster's server as the orchestrator runs it: with its port in the environment, and stopped by SIGTERM.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class LocalServer : IAsyncDisposable
{
    public const string Password = "9d1b7c1e0a584d0e";
    private readonly Process _process;

    private LocalServer(Process process, int port, string password)
    {
        _process = process;
        Port = port;
        ConnectionString = new NpgsqlConnectionStringBuilder
        {
            Host = "localhost",
            Port = port,
            Username = "postgres",
            Password = password,
            Database = "postgres",
            Pooling = false,
        }.ConnectionString;
    }

    public int Port { get; }

    public string ConnectionString { get; }

    public static async Task<LocalServer> StartAsync(PostgresCluster cluster, string password = Password)
    {
        var command = cluster.ServerCommand();
        var port = FreePort.Find();
        var process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardOutput = true,
            Environment = { ["PGPORT"] = port.ToString(CultureInfo.InvariantCulture) },
        })!;
        _ = process.StandardOutput.ReadToEndAsync();
        var server = new LocalServer(process, port, password);
        await Eventually.SucceedsAsync(() => server.QueryAsync("SELECT 1"), TimeSpan.FromSeconds(30));
        return server;
    }

    public Task<object?> QueryAsync(string sql) => Sql.ScalarAsync<object>(ConnectionString, sql);

    /// <summary>Kills the process that the orchestrator knows, which leaves the server behind.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await AppHostProcess.SignalAsync(_process.Id, "TERM");
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
