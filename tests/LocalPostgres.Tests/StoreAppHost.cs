using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.LocalPostgres.Tests;

/// <summary>An AppHost with a PostgreSQL server and a database, in a process of its own, to be read, signalled and killed.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class StoreAppHost : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Process _process;

    private StoreAppHost(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Keep(e.Data);
        _process.ErrorDataReceived += (_, e) => Keep(e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public string Output => string.Join('\n', _lines);

    /// <summary>Of the database, once it is ready.</summary>
    public string ConnectionString { get; private set; } = "";

    public string Password => new NpgsqlConnectionStringBuilder(ConnectionString).Password!;

    public int Port => new NpgsqlConnectionStringBuilder(ConnectionString).Port;

    /// <summary>Starts one that keeps its data and secrets in <paramref name="home"/>.</summary>
    public static StoreAppHost Begin(TemporaryFolder home, params IEnumerable<string> settings)
    {
        var start = new ProcessStartInfo("dotnet", [
            Path.Combine(AppContext.BaseDirectory, "MovieAspire.LocalPostgres.Tests.AppHost.dll"),
            "--PostgresData", home.Below("data"), .. settings])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Killed processes would leave their diagnostic sockets in the folder for temporary files.
            Environment =
            {
                ["HOME"] = home.Path,
                ["DOTNET_ENVIRONMENT"] = "Development",
                ["DOTNET_EnableDiagnostics"] = "0",
                // Programs of a test stand before the machine's.
                ["PATH"] = home.Below("bin") + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH"),
            },
        };
        return new StoreAppHost(start);
    }

    public static async Task<StoreAppHost> StartAsync(TemporaryFolder home, params IEnumerable<string> settings)
    {
        var appHost = Begin(home, ["--Postgres", "process", .. settings]);
        await appHost.ReadyAsync();
        return appHost;
    }

    /// <summary>The folder with the server's data.</summary>
    public static string Data(TemporaryFolder home) =>
        Directory.EnumerateDirectories(home.Below("data"), "data", SearchOption.AllDirectories)
            .First(folder => File.Exists(Path.Combine(folder, "PG_VERSION")));

    public static int ServerId(TemporaryFolder home) =>
        int.Parse(File.ReadLines(Path.Combine(Data(home), "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    public async Task ReadyAsync() => ConnectionString = await LineAsync("store is ready: (.+)");

    /// <returns>The first group of the first line that matches.</returns>
    public async Task<string> LineAsync(string pattern)
    {
        Match? match = null;
        await Eventually.HoldsAsync(
            () =>
            {
                match = _lines.Select(line => Regex.Match(line, pattern)).FirstOrDefault(m => m.Success);
                return match is not null || _process.HasExited;
            },
            $"a line like '{pattern}'", Deadline);
        return match?.Groups[1].Value ?? throw new InvalidOperationException($"No line like '{pattern}' in: {Output}");
    }

    /// <returns>The exit code and how long it took.</returns>
    public async Task<(int Code, TimeSpan Elapsed)> ExitAsync()
    {
        var clock = Stopwatch.StartNew();
        using var limit = new CancellationTokenSource(Deadline);
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, clock.Elapsed);
    }

    public async Task<object?> QueryAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
#pragma warning disable CA2100 // The statements are those of the tests.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }

    public Task SignalAsync(string signal) => SignalAsync(Id, signal);

    public static async Task SignalAsync(int processId, string signal)
    {
        using var kill = Process.Start("/bin/kill", ["-s", signal, processId.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public static Task GoneAsync(int processId) =>
        Eventually.HoldsAsync(() => !IsAlive(processId), $"process {processId} is gone", TimeSpan.FromSeconds(30));

    public static bool IsAlive(int processId)
    {
        try
        {
            // One that ended and waits for its parent to notice is not alive.
            return !File.ReadAllText($"/proc/{processId}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await SignalAsync("TERM");
            await ExitAsync();
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }
}
