using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.LocalPostgres.Tests;

/// <summary>An AppHost with a PostgreSQL server and a database, as a process whose output is read, and which is signalled and killed.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class AppHostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Process _process;

    private AppHostProcess(ProcessStartInfo start)
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

    /// <summary>The database's connection string, once it is ready.</summary>
    public string ConnectionString { get; private set; } = "";

    public string Password => new NpgsqlConnectionStringBuilder(ConnectionString).Password!;

    public int Port => new NpgsqlConnectionStringBuilder(ConnectionString).Port;

    /// <summary>Starts an AppHost with its data and secrets in <paramref name="home"/>.</summary>
    public static AppHostProcess Begin(TemporaryFolder home, params IEnumerable<string> settings)
    {
        var start = Cli.Command(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "MovieAspire.LocalPostgres.Tests.AppHost.dll"),
                "--PostgresData", home.Below("data"), .. settings,
            ]);
        start.Environment["HOME"] = home.Path;
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        // A killed process would leave its diagnostic socket in the folder for temporary files.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        // A test's own programs take precedence over the machine's.
        start.Environment["PATH"] = home.Below("bin") + Path.PathSeparator + Environment.GetEnvironmentVariable("PATH");
        return new AppHostProcess(start.AsFromTerminal());
    }

    public static async Task<AppHostProcess> StartAsync(TemporaryFolder home, params IEnumerable<string> settings)
    {
        var appHost = Begin(home, ["--Postgres", "process", .. settings]);
        try
        {
            await appHost.ReadyAsync();
            return appHost;
        }
        catch
        {
            await appHost.DisposeAsync();
            throw;
        }
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

    /// <returns>The exit code.</returns>
    public async Task<int> ExitAsync(TimeSpan? deadline = null)
    {
        using var limit = new CancellationTokenSource(deadline ?? Deadline);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public Task<object?> QueryAsync(string sql) => Sql.ScalarAsync<object>(ConnectionString, sql);

    public Task SignalAsync(string signal) => SignalAsync(Id, signal);

    public static Task SignalAsync(int processId, string signal) =>
        Cli.RunAsync("kill", "-s", signal, processId.ToString(CultureInfo.InvariantCulture));

    /// <summary>Kills it and all processes of its orchestrator, which would otherwise stop the server.</summary>
    public async Task KillWithOrchestratorAsync()
    {
        var processes = Process.GetProcesses().Select(process => (process.Id, Status: Read($"/proc/{process.Id}/stat"))).ToList();
        List<int> orchestrator =
            [.. processes.Select(p => p.Id).Where(id => Read($"/proc/{id}/cmdline").Contains($"--monitor\0{Id}\0", StringComparison.Ordinal))];
        for (var i = 0; i < orchestrator.Count; i++)
        {
            orchestrator.AddRange(processes
                .Where(p => p.Status.Contains(" (dcp) ", StringComparison.Ordinal) && p.Status.Split(") ")[^1].Split(' ')[1] == $"{orchestrator[i]}")
                .Select(p => p.Id));
        }

        Assert.True(orchestrator.Count > 2, "the orchestrator's processes were not found");
        // The watching processes first.
        foreach (var id in orchestrator.AsEnumerable().Reverse().Append(Id))
        {
            await SignalAsync(id, "KILL");
        }

        await ExitAsync();
    }

    public static Task GoneAsync(int processId) =>
        Eventually.HoldsAsync(() => !IsAlive(processId), $"process {processId} is gone", TimeSpan.FromSeconds(30));

    /// <summary>Whether it runs. False for a zombie, too.</summary>
    public static bool IsAlive(int processId) =>
        Read($"/proc/{processId}/stat") is { Length: > 0 } status && !status.Contains(") Z ", StringComparison.Ordinal);

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return ""; // The process ended.
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
