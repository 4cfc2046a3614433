using System.Diagnostics;
using System.Runtime.Versioning;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.LocalPostgres.Tests;

/// <summary>The server as a process of a real AppHost, under Aspire's orchestrator.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PostgresProcessTests : IAsyncLifetime
{
    private static readonly string[] SocketTables = ["/proc/net/tcp", "/proc/net/tcp6"];
    private static readonly string[] Loopback = ["0100007F", "00000000000000000000000001000000"];
    private readonly TemporaryFolder _home = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _home.DeleteAsync();

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Stop_signal_shuts_the_cluster_down_cleanly_with_clients_connected_and_the_data_is_kept(string signal)
    {
        string password;
        int server;
        await using (var first = await StoreAppHost.StartAsync(_home))
        {
            password = first.Password;
            server = StoreAppHost.ServerId(_home);
            await first.QueryAsync("CREATE TABLE kept AS SELECT 42 AS answer");
            await using var client = new NpgsqlConnection(first.ConnectionString + ";Pooling=false");
            await client.OpenAsync();

            await first.SignalAsync(signal);

            Assert.Equal(0, (await first.ExitAsync()).Code);
        }

        await StoreAppHost.GoneAsync(server);
        Assert.False(File.Exists(Path.Combine(StoreAppHost.Data(_home), "postmaster.pid")), "the server was killed instead of stopped");

        await using var second = await StoreAppHost.StartAsync(_home);
        Assert.Equal(42, await second.QueryAsync("SELECT answer FROM kept"));
        Assert.Equal(password, second.Password);
    }

    [Fact]
    public async Task Server_is_closed_to_others()
    {
        await using var appHost = await StoreAppHost.StartAsync(_home);

        Assert.Equal("scram-sha-256", await appHost.QueryAsync("SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules"));
        var wrong = new NpgsqlConnectionStringBuilder(appHost.ConnectionString) { Password = "wrong", Pooling = false };
        await using var connection = new NpgsqlConnection(wrong.ConnectionString);
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync());
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refusal.SqlState);

        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var data = StoreAppHost.Data(_home);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(data));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Path.GetDirectoryName(data)!));
        Assert.False(File.Exists(Path.Combine(Path.GetDirectoryName(data)!, "password")), "the password lies beside the data");
        Assert.All(ListeningAddresses(appHost.Port), address => Assert.Contains(address, Loopback));
        Assert.DoesNotContain(CommandLines(), line => line.Contains(appHost.Password, StringComparison.Ordinal));
        var status = await File.ReadAllTextAsync($"/proc/{StoreAppHost.ServerId(_home)}/status");
        Assert.DoesNotContain("Uid:\t0", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Next_start_recovers_from_a_killed_AppHost_and_a_killed_server()
    {
        await using (var first = await StoreAppHost.StartAsync(_home))
        {
            await first.QueryAsync("CREATE TABLE kept AS SELECT 1 AS answer");
            await first.SignalAsync("KILL");
            await first.ExitAsync();
        }

        // At once: the orchestrator may still be ending what the first one left.
        var server = 0;
        await using (var second = await StoreAppHost.StartAsync(_home))
        {
            Assert.Equal(1, await second.QueryAsync("SELECT answer FROM kept"));
            server = StoreAppHost.ServerId(_home);
            await StoreAppHost.SignalAsync(server, "KILL");
        }

        await StoreAppHost.GoneAsync(server);
        Assert.True(File.Exists(Path.Combine(StoreAppHost.Data(_home), "postmaster.pid")));
        await using var third = await StoreAppHost.StartAsync(_home);
        Assert.Equal(1, await third.QueryAsync("SELECT answer FROM kept"));
    }

    [Fact]
    public async Task Second_AppHost_of_a_clone_is_refused_and_the_first_goes_on()
    {
        await using var first = await StoreAppHost.StartAsync(_home);

        await using var second = StoreAppHost.Begin(_home, "--Postgres", "process");

        Assert.NotEqual(0, (await second.ExitAsync()).Code);
        Assert.Contains($"in use by another AppHost (process {first.Id}). Stop that one first.", second.Output, StringComparison.Ordinal);
        Assert.Equal(1, await first.QueryAsync("SELECT 1"));
    }

    [Fact]
    public async Task Password_that_changed_does_not_lock_the_developer_out()
    {
        await using (var first = await StoreAppHost.StartAsync(_home))
        {
            await first.QueryAsync("CREATE TABLE kept AS SELECT 7 AS answer");
        }

        await using var second = await StoreAppHost.StartAsync(_home, "--Parameters:postgres-password", @"it's another \ one");
        Assert.Equal(@"it's another \ one", second.Password);
        Assert.Equal(7, await second.QueryAsync("SELECT answer FROM kept"));
    }

    [Fact]
    public async Task Temporary_data_goes_with_the_run_even_if_it_is_killed()
    {
        await using var appHost = await StoreAppHost.StartAsync(_home, "--PostgresData", "temporary");
        var folder = (string)(await appHost.QueryAsync("SELECT setting FROM pg_settings WHERE name = 'data_directory'"))!;
        Assert.True(Directory.Exists(folder));

        await appHost.SignalAsync("KILL");

        await Eventually.HoldsAsync(() => !Directory.Exists(Path.GetDirectoryName(folder)), "the folder is gone", TimeSpan.FromSeconds(30));
    }

    private static IEnumerable<string> ListeningAddresses(int port) => SocketTables
        .SelectMany(file => File.ReadLines(file).Skip(1))
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(fields => fields[3] == "0A" && fields[1].EndsWith($":{port:X4}", StringComparison.Ordinal))
        .Select(fields => fields[1].Split(':')[0]);

    private static List<string> CommandLines() => [.. Process.GetProcesses().Select(process =>
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline");
        }
        catch (IOException)
        {
            return ""; // Ended just now.
        }
    })];
}
