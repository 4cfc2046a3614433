using System.Globalization;
using Npgsql;

namespace MovieAspire.Standalone.Hosting.Tests;

/// <summary>PostgreSQL from the machine's own binaries.</summary>
public sealed class PostgresProcessTests
{
    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];
    private static readonly string[] Loopback = ["0100007F", "00000000000000000000000001000000"];

    [Fact]
    public async Task Data_and_password_outlive_the_run()
    {
        using var home = new TemporaryFolder();
        string password;
        await using (var first = await StoreAppHost.StartAsync(home))
        {
            password = first.Password;
            await first.QueryAsync("CREATE TABLE kept AS SELECT 42 AS answer");
        }

        await using var second = await StoreAppHost.StartAsync(home);
        Assert.Equal(42, await second.QueryAsync("SELECT answer FROM kept"));
        Assert.Equal(password, second.Password);
    }

    [Fact]
    public async Task The_server_is_closed_to_others()
    {
        using var home = new TemporaryFolder();
        await using var appHost = await StoreAppHost.StartAsync(home);

        Assert.Equal("scram-sha-256", await appHost.QueryAsync("SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules"));
        var wrong = new NpgsqlConnectionStringBuilder(appHost.ConnectionString) { Password = "wrong", Pooling = false };
        await using var connection = new NpgsqlConnection(wrong.ConnectionString);
        Assert.Equal(PostgresErrorCodes.InvalidPassword, (await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync())).SqlState);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(StoreAppHost.Data(home)));
        Assert.All(ListeningAddresses(appHost.Port), address => Assert.Contains(address, Loopback));
        Assert.DoesNotContain(CommandLines(), line => line.Contains(appHost.Password, StringComparison.Ordinal));
        // Which may be the user of the test, but never root.
        Assert.NotEqual("0", UserOf(StoreAppHost.ServerId(home)));
    }

    [Fact]
    public async Task A_killed_AppHost_takes_its_server_along_and_the_next_start_recovers()
    {
        using var home = new TemporaryFolder();
        var first = await StoreAppHost.StartAsync(home);
        await first.QueryAsync("CREATE TABLE kept AS SELECT 1 AS answer");
        var server = StoreAppHost.ServerId(home);
        await first.Process.SignalAsync("KILL");

        // At once: the guard may still be at work.
        await using var second = await StoreAppHost.StartAsync(home);
        Assert.Equal(1, await second.QueryAsync("SELECT answer FROM kept"));
        await Signals.GoneAsync(server, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_server_that_outlived_its_AppHost_is_replaced()
    {
        using var home = new TemporaryFolder();
        var first = await StoreAppHost.StartAsync(home);
        var server = StoreAppHost.ServerId(home);
        await first.AbandonAsync();
        Assert.True(Signals.IsAlive(server));

        await using var second = await StoreAppHost.StartAsync(home);
        Assert.NotEqual(server, StoreAppHost.ServerId(home));
        Assert.False(Signals.IsAlive(server));
    }

    [Fact]
    public async Task A_lock_file_that_names_another_program_is_no_obstacle()
    {
        using var home = new TemporaryFolder();
        var first = await StoreAppHost.StartAsync(home);
        await first.QueryAsync("CREATE TABLE kept AS SELECT 7 AS answer");
        await Signals.SendAsync(StoreAppHost.ServerId(home), "KILL");
        await first.DisposeAsync();
        var lockFile = Path.Combine(StoreAppHost.Data(home), "postmaster.pid");
        await File.WriteAllTextAsync(lockFile, $"{Environment.ProcessId}\n{StoreAppHost.Data(home)}\n0\n5432\n\n\n");

        await using var second = await StoreAppHost.StartAsync(home);
        Assert.Equal(7, await second.QueryAsync("SELECT answer FROM kept"));
    }

    [Fact]
    public async Task An_interrupted_initdb_is_begun_again()
    {
        using var home = new TemporaryFolder();
        await using (await StoreAppHost.StartAsync(home))
        {
        }

        var data = StoreAppHost.Data(home);
        Directory.Move(data, data + ".new");
        File.Delete(Path.Combine(data + ".new", "global", "pg_control"));

        await using var second = await StoreAppHost.StartAsync(home);
        Assert.Equal("store", await second.QueryAsync("SELECT current_database()::text"));
    }

    [Fact]
    public async Task Data_of_another_major_version_is_refused_with_what_to_do()
    {
        using var home = new TemporaryFolder();
        await using (await StoreAppHost.StartAsync(home))
        {
        }

        var data = StoreAppHost.Data(home);
        await File.WriteAllTextAsync(Path.Combine(data, "PG_VERSION"), "14\n");

        await using var second = StoreAppHost.Begin(home, "process");
        Assert.Equal(1, (await second.ExitAsync()).Code);
        Assert.Contains($"The data in {data} was made by PostgreSQL 14; installed is ", second.Output, StringComparison.Ordinal);
        Assert.Contains("Install PostgreSQL 14, or dump the data", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_made_with_another_password_is_refused_with_what_to_do()
    {
        using var home = new TemporaryFolder();
        await using (await StoreAppHost.StartAsync(home))
        {
        }

        await using var second = StoreAppHost.Begin(home, "process", "--Parameters:postgres-password", "another");
        Assert.Equal(1, (await second.ExitAsync()).Code);
        Assert.Contains("Restore the old value", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_made_is_an_error_that_says_what_to_do()
    {
        using var home = new TemporaryFolder();
        await File.WriteAllTextAsync(home.Below("file"), "");

        await using var appHost = StoreAppHost.Begin(home, "process", "--Standalone:DataFolder", home.Below("file/data"));
        Assert.Equal(1, (await appHost.ExitAsync()).Code);
        Assert.Matches($"The data folder {home.Below("file/data")} cannot be used: .+ Make it writable, or name another one in Standalone:DataFolder.", appHost.Output);
    }

    [Fact]
    public async Task Two_AppHosts_do_not_share_data()
    {
        using var home = new TemporaryFolder();
        await using var first = await StoreAppHost.StartAsync(home);

        await using var second = StoreAppHost.Begin(home, "process");
        Assert.Equal(1, (await second.ExitAsync()).Code);
        Assert.Contains($"is in use by another AppHost (process {first.Process.Id})", second.Output, StringComparison.Ordinal);
        Assert.Equal(1, await first.QueryAsync("SELECT 1"));
    }

    private static IEnumerable<string> ListeningAddresses(int port) => Tables
        .SelectMany(file => File.ReadLines(file).Skip(1))
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(fields => fields[3] == "0A" && fields[1].EndsWith(":" + port.ToString("X4", CultureInfo.InvariantCulture), StringComparison.Ordinal))
        .Select(fields => fields[1].Split(':')[0]);

    private static List<string> CommandLines() => [.. Directory.EnumerateDirectories("/proc").Where(f => char.IsDigit(Path.GetFileName(f)[0])).Select(folder =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (IOException)
        {
            return ""; // Ended just now.
        }
    })];

    private static string UserOf(int processId) => File.ReadLines($"/proc/{processId}/status").First(l => l.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];
}
