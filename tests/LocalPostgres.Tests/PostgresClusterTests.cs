using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Aspire.Hosting;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.LocalPostgres.Tests;

/// <summary>A cluster and its server without an AppHost: closed to others, and taken up again whatever happened to it.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PostgresClusterTests : IAsyncLifetime
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private static readonly string[] SocketTables = ["/proc/net/tcp", "/proc/net/tcp6"];
    private static readonly string[] Loopback = ["0100007F", "00000000000000000000000001000000"];
    private static readonly string[] HalfData = ["PG_VERSION", "global/pg_control"];
    private readonly TemporaryFolder _home = new();
    private PostgresInstallation _installation = null!;

    private string Folder => _home.Below("postgres");

    private string Data => Path.Combine(Folder, "data");

    private string LockFile => Path.Combine(Data, "postmaster.pid");

    public async Task InitializeAsync() => _installation = await PostgresInstallation.FindAsync();

    public Task DisposeAsync() => _home.DeleteAsync();

    [RequiresFact(Tool.Linux)]
    public async Task Server_is_closed_to_others()
    {
        await using var server = await StartAsync();

        Assert.Equal("scram-sha-256", await server.QueryAsync("SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules"));
        var wrong = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "wrong" };
        await using var connection = new NpgsqlConnection(wrong.ConnectionString);
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync());
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refusal.SqlState);

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Folder));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Data));
        Assert.Equal(["data", "password.sha256"], Entries());
        Assert.All(ListeningAddresses(server.Port), address => Assert.Contains(address, Loopback));
        Assert.DoesNotContain(CommandLines(), line => line.Contains(LocalServer.Password, StringComparison.Ordinal));
    }

    [RequiresFact(Tool.Linux)]
    public async Task Server_has_none_of_roots_rights()
    {
        await using var server = await StartAsync();

        var status = File.ReadLines($"/proc/{ServerId()}/status").Select(line => line.Split('\t'))
            .ToDictionary(fields => fields[0].TrimEnd(':'), fields => fields[1..]);
        Assert.DoesNotContain("0", status["Uid"]);
        Assert.DoesNotContain("0", status["Gid"]);
        Assert.Equal("0000000000000000", status["CapEff"].Single());
        if (Environment.IsPrivilegedProcess)
        {
            Assert.Empty(status["Groups"].Single().Trim());
        }
    }

    [RequiresFact(Tool.Linux)]
    public async Task Password_that_changed_does_not_lock_the_developer_out()
    {
        await using (var first = await StartAsync())
        {
            await first.QueryAsync("CREATE TABLE kept AS SELECT 7 AS answer");
        }

        await using var second = await StartAsync(@"it's another \ one");
        Assert.Equal(7, await second.QueryAsync("SELECT answer FROM kept"));
    }

    [RequiresFact(Tool.Linux)]
    public async Task Killed_server_recovers_at_the_next_start()
    {
        int killed;
        await using (var first = await StartAsync())
        {
            await first.QueryAsync("CREATE TABLE kept AS SELECT 1 AS answer");
            killed = ServerId();
            await AppHostProcess.SignalAsync(killed, "KILL");
        }

        await AppHostProcess.GoneAsync(killed);
        Assert.True(File.Exists(LockFile));
        await using var second = await StartAsync();
        Assert.Equal(1, await second.QueryAsync("SELECT answer FROM kept"));
    }

    [RequiresFact(Tool.Linux)]
    public async Task Session_that_outlives_its_server_gives_way_to_the_next_start()
    {
        await using var first = await StartAsync();
        await using var client = new NpgsqlConnection(first.ConnectionString);
        await client.OpenAsync();
        // Never looks whether the server is still there.
        var session = client.ProcessID;
        var working = Sql.ExecuteAsync(client, "DO $$ BEGIN WHILE clock_timestamp() < now() + interval '1 minute' LOOP END LOOP; END $$");
        await Eventually.HoldsAsync(
            async () => await first.QueryAsync($"SELECT state FROM pg_stat_activity WHERE pid = {session}") is "active", "the session works");
        await AppHostProcess.SignalAsync(ServerId(), "KILL");
        await AppHostProcess.GoneAsync(ServerId());
        Assert.True(AppHostProcess.IsAlive(session));

        await using var second = await StartAsync();
        Assert.False(AppHostProcess.IsAlive(session));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => working);
    }

    [RequiresFact(Tool.Linux)]
    public async Task Server_that_outlives_its_supervisor_gives_way_to_the_next_start()
    {
        await using var first = await StartAsync();
        await first.QueryAsync("CREATE TABLE kept AS SELECT 1 AS answer");
        await using var client = new NpgsqlConnection(first.ConnectionString);
        await client.OpenAsync();
        var orphan = ServerId();
        await first.KillAsync();
        Assert.True(AppHostProcess.IsAlive(orphan));

        await using var second = await StartAsync();
        Assert.False(AppHostProcess.IsAlive(orphan));
        Assert.Equal(1, await second.QueryAsync("SELECT answer FROM kept"));
    }

    [RequiresFact(Tool.Linux)]
    public async Task Lock_file_whose_number_another_program_has_by_now_is_in_nobodys_way()
    {
        await using (await StartAsync())
        {
        }

        // Of the server's user: one of root would not be taken for a server.
        var command = UnprivilegedUser.Wrap("sleep", "60");
        using var other = Process.Start(command[0], command[1..]);
        try
        {
            var begun = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
            await File.WriteAllTextAsync(
                LockFile, $"{other.Id}\n{Data}\n{begun}\n5432\n\nlocalhost\n  5432001         0\nready   \n");

            await using var server = await StartAsync();
            Assert.Equal(1, await server.QueryAsync("SELECT 1"));
            Assert.False(other.HasExited);
        }
        finally
        {
            other.Kill();
        }
    }

    [RequiresFact(Tool.Linux)]
    public async Task Initdb_that_was_killed_half_way_leaves_nothing_behind()
    {
        var slow = _home.Program("slow/initdb", $"""
            {_installation.InitDb} "$@" &
            until [ -e "$2/base" ]; do sleep 0.01; done
            kill -9 $! $$
            """);
        File.SetUnixFileMode(Path.GetDirectoryName(slow)!, OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(slow, OwnerOnly | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        var cluster = new PostgresCluster(_installation with { Folder = Path.GetDirectoryName(slow)! }, Folder, isTemporary: false);
        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => cluster.PrepareAsync(LocalServer.Password));
        Assert.Contains("initdb of PostgreSQL", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("data", Entries());

        // As where the AppHost was killed, too.
        PostgresDataFolder.Create(Path.Combine(Folder, "new-1", "data", "base"));
        await File.WriteAllTextAsync(Path.Combine(Folder, "new-1", "password"), "secret");

        await using var server = await StartAsync();
        Assert.Equal(1, await server.QueryAsync("SELECT 1"));
        Assert.Equal(["data", "password.sha256"], Entries());
    }

    [RequiresFact(Tool.Linux)]
    public async Task Data_of_which_a_part_is_missing_is_refused_and_left_alone()
    {
        await new PostgresCluster(_installation, Folder, isTemporary: false).PrepareAsync(LocalServer.Password);
        foreach (var part in HalfData)
        {
            var file = Path.Combine(Data, part);
            File.Move(file, file + ".away");

            var failure = Assert.Throws<DistributedApplicationException>(() => PostgresCluster.MajorOfData(Folder));
            Assert.Equal(
                $"{Data} exists, but does not contain all files of a PostgreSQL cluster. Restore what is missing, or move it away.",
                failure.Message);
            File.Move(file + ".away", file);
        }

        // What a power failure makes of a file that was not on the disk yet.
        await File.WriteAllTextAsync(Path.Combine(Data, "PG_VERSION"), "");
        Assert.Throws<DistributedApplicationException>(() => PostgresCluster.MajorOfData(Folder));
        await Assert.ThrowsAsync<DistributedApplicationException>(
            () => new PostgresCluster(_installation, Folder, isTemporary: false).PrepareAsync(LocalServer.Password));
        Assert.True(Directory.Exists(Path.Combine(Data, "base")));
    }

    private async Task<LocalServer> StartAsync(string password = LocalServer.Password)
    {
        var cluster = new PostgresCluster(_installation, Folder, isTemporary: false);
        await cluster.PrepareAsync(password);
        return await LocalServer.StartAsync(cluster, password);
    }

    private int ServerId() => int.Parse(File.ReadLines(LockFile).First(), CultureInfo.InvariantCulture);

    private IEnumerable<string> Entries() => Directory.EnumerateFileSystemEntries(Folder).Select(entry => Path.GetFileName(entry)!).Order();

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
