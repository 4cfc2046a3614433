using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.Api.Tests.Support;

/// <summary>A primary with a synchronous standby, and an empty <c>moviedb</c> at the schema on both. Not on Windows.</summary>
public sealed class ReplicatedServers : IAsyncLifetime
{
    private readonly string _primaryFolder = ThrowAwayCluster.NewFolder();
    private readonly string _standbyFolder = ThrowAwayCluster.NewFolder();
    private ThrowAwayCluster? _primary;
    private ThrowAwayCluster? _standby;

    /// <summary>The superuser's connection string of the primary.</summary>
    public string Primary { get; private set; } = "";

    /// <summary>The superuser's connection string of the standby.</summary>
    public string Standby { get; private set; } = "";

    /// <summary>The superuser's connection string that names both, the standby first.</summary>
    public string Both { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using (var server = await ThrowAwayCluster.StartKeptAsync(_primaryFolder))
        {
            await Sql.ExecuteAsync(server.ConnectionString, "CREATE DATABASE moviedb");
            await TestDatabase.MigrateAsync(
                new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "moviedb", Pooling = false }.ConnectionString);
        }

        (await Cli.RunAsync("cp", ["-a", _primaryFolder + "/.", _standbyFolder])).EnsureSuccess("cp");
        await File.WriteAllTextAsync(Path.Combine(_standbyFolder, "data", "standby.signal"), "");
        _primary = await ThrowAwayCluster.StartKeptAsync(_primaryFolder, "synchronous_standby_names=*");
        var settings = new NpgsqlConnectionStringBuilder(_primary.ConnectionString) { Database = "moviedb" };
        Primary = settings.ConnectionString;
        _standby = await ThrowAwayCluster.StartKeptAsync(
            _standbyFolder, $"primary_conninfo=host=127.0.0.1 port={_primary.Port} user=postgres password={settings.Password}");
        settings.Port = _standby.Port;
        Standby = settings.ConnectionString;
        settings.Host = $"127.0.0.1:{_standby.Port},127.0.0.1:{_primary.Port}";
        Both = settings.ConnectionString;
    }

    public void StopPrimary() => Stop(ref _primary);

    public void StopStandby() => Stop(ref _standby);

    public Task DisposeAsync()
    {
        StopPrimary();
        StopStandby();
        Directory.Delete(_primaryFolder, recursive: true);
        Directory.Delete(_standbyFolder, recursive: true);
        return Task.CompletedTask;
    }

    private static void Stop(ref ThrowAwayCluster? server)
    {
        server?.Dispose();
        server = null;
    }
}
