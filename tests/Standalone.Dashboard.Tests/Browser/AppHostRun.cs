using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using MovieAspire.Testing;

namespace MovieAspire.Standalone.Dashboard.Tests.Browser;

/// <summary>The real AppHost, with data of its own and ports that are free.</summary>
public sealed partial class AppHostRun : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dashboard-tests-");
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Process _process;

    private AppHostRun(IReadOnlyDictionary<string, string> variables)
    {
        if (!OperatingSystem.IsWindows())
        {
            // PostgreSQL's user must be able to pass through.
            _folder.UnixFileMode = (UnixFileMode)0b111_001_001;
        }

        var assembly = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "AppHost", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/', '\\')), "MovieAspire.AppHost.dll"));
        var start = new ProcessStartInfo("dotnet",
            ["exec", assembly, "--ASPNETCORE_URLS=http://localhost:0", "--DcpPublisher:RandomizePorts=true", "--Standalone:Postgres=process", $"--Standalone:DataFolder={Path.Combine(_folder.FullName, "data")}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["DOTNET_ENVIRONMENT"] = "Development", ["HOME"] = _folder.FullName },
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public static async Task<(AppHostRun Run, Uri LoginUrl)> StartAsync(params (string Name, string Value)[] variables)
    {
        var run = new AppHostRun(variables.ToDictionary(pair => pair.Name, pair => pair.Value));
        Match? match = null;
        await Eventually.HoldsAsync(
            () => (match = run._lines.Select(line => LoginUrl().Match(line)).FirstOrDefault(found => found.Success)) is not null || run._process.HasExited,
            "the dashboard's address is printed");
        Assert.True(match is not null, string.Join('\n', run._lines));
        return (run, new Uri(match.Groups[1].Value));
    }

    public async ValueTask DisposeAsync()
    {
        using var signal = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    [GeneratedRegex("Dashboard: (http\\S+)")]
    private static partial Regex LoginUrl();
}
