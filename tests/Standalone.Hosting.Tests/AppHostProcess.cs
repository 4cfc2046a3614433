using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using MovieAspire.Testing;

namespace MovieAspire.Standalone.Hosting.Tests;

/// <summary>A real AppHost in a process of its own, to be read, signalled and killed.</summary>
public sealed class AppHostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(40);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

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

    /// <param name="home">Holds everything that the AppHost keeps: data and secrets.</param>
    /// <param name="scenario">What it is made of.</param>
    /// <param name="settings">More command line.</param>
    public static AppHostProcess Start(TemporaryFolder home, string scenario, params IEnumerable<string> settings)
    {
        var start = new ProcessStartInfo("dotnet", [
            typeof(Projects.Standalone_Hosting_Tests_AppHost).Assembly.Location, "--scenario", scenario, "--project", home.Path,
            "--Standalone:DataFolder", home.Below("data"), .. settings])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Killed processes would leave their diagnostic sockets in the folder for temporary files.
            Environment = { ["HOME"] = home.Path, ["APPDATA"] = home.Path, ["DOTNET_ENVIRONMENT"] = "Development", ["DOTNET_EnableDiagnostics"] = "0" },
        };
        return new AppHostProcess(start);
    }

    /// <returns>The first group of the match.</returns>
    public async Task<string> LineAsync(string pattern)
    {
        Match? match = null;
        await Eventually.HoldsAsync(
            () =>
            {
                match = _lines.Select(line => Regex.Match(line, pattern)).FirstOrDefault(m => m.Success);
                return match is not null || (_process.HasExited && !_process.WaitForExit(TimeSpan.FromSeconds(2)));
            },
            $"a line like '{pattern}' in: {Output}", Deadline);
        return match!.Groups[1].Value;
    }

    public async Task<int> NumberAsync(string pattern) => int.Parse(await LineAsync(pattern), CultureInfo.InvariantCulture);

    public Task SignalAsync(string signal) => Signals.SendAsync(Id, signal);

    /// <returns>The exit code and how long it took.</returns>
    public async Task<(int Code, TimeSpan Elapsed)> ExitAsync()
    {
        var clock = Stopwatch.StartNew();
        using var limit = new CancellationTokenSource(Deadline);
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, clock.Elapsed);
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

/// <summary>Signals, and who is left after them.</summary>
public static class Signals
{
    public static async Task SendAsync(int processId, string signal)
    {
        using var kill = Process.Start("/bin/sh", ["-c", $"kill -s {signal} {processId.ToString(CultureInfo.InvariantCulture)}"]);
        await kill.WaitForExitAsync();
    }

    public static bool IsAlive(int processId)
    {
        // A process that ended and waits for its parent to notice is not alive.
        var status = $"/proc/{processId}/stat";
        try
        {
            if (Directory.Exists("/proc/self"))
            {
                return File.Exists(status) && !File.ReadAllText(status).Contains(") Z ", StringComparison.Ordinal);
            }

            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (Exception exception) when (exception is ArgumentException or IOException)
        {
            return false;
        }
    }

    public static Task GoneAsync(int processId, TimeSpan deadline) =>
        Eventually.HoldsAsync(() => !IsAlive(processId), $"process {processId} is gone", deadline);
}
