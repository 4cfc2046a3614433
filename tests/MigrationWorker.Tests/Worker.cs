using System.Diagnostics;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests;

/// <summary>
/// The migration worker: within this process, which spares its start and its compiler, or as a process of its own where a test kills it,
/// changes its environment or reads what a user would.
/// </summary>
internal static class Worker
{
    /// <summary>The most that .NET may take for objects, in bytes: a command that held its data there would end with an error.</summary>
    public const int SmallHeapSize = 8 * 1024 * 1024;

    /// <summary>Environment of a worker with such a heap.</summary>
    public static readonly Dictionary<string, string> SmallHeap = new() { ["DOTNET_GCHeapHardLimit"] = $"0x{SmallHeapSize:X}" };

    private const string Telemetry = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Profile = "Seed__Profile";
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "MovieAspire.MigrationWorker.dll");

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    static Worker()
    {
        // A developer's own settings must not change what the tests see.
        foreach (var name in new[] { Telemetry, Profile })
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }

    /// <summary>Runs a command to its end within this process.</summary>
    public static Task<ProcessResult> RunAsync(string connectionString, params string[] arguments) =>
        RunAsync(connectionString, [], arguments);

    /// <summary>Runs a command to its end within this process, with these settings, named as in the environment.</summary>
    public static async Task<ProcessResult> RunAsync(
        string connectionString, Dictionary<string, string> settings, params string[] arguments)
    {
        var console = CapturedConsole.Start();
        var configuration = settings.ToDictionary(setting => setting.Key.Replace("__", ":", StringComparison.Ordinal), setting => setting.Value);
        var exitCode = await Task.Run(() => WorkerCommandLine.RunAsync([.. arguments, "--connection", connectionString], configuration))
            .WaitAsync(Deadline);
        return new ProcessResult(exitCode, console.Output, console.Error);
    }

    /// <summary>Runs a command to its end as a process.</summary>
    public static Task<ProcessResult> RunProcessAsync(string connectionString, params string[] arguments) =>
        RunProcessAsync(connectionString, [], arguments);

    /// <summary>Runs a command to its end as a process, with these variables in its environment.</summary>
    public static async Task<ProcessResult> RunProcessAsync(
        string connectionString, Dictionary<string, string> environment, params string[] arguments)
    {
        using var process = Start(connectionString, environment, arguments);
        return await process.FinishAsync(Deadline);
    }

    /// <summary>Starts a command; the caller kills it or waits with <see cref="Testing.Cli.FinishAsync"/>.</summary>
    public static Process Start(string connectionString, params string[] arguments) => Start(connectionString, [], arguments);

    /// <inheritdoc cref="Start(string, string[])"/>
    public static Process Start(string connectionString, Dictionary<string, string> environment, params string[] arguments)
    {
        var start = Describe(connectionString, arguments);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>How to start a command, for tests that change its surroundings.</summary>
    public static ProcessStartInfo Describe(string connectionString, params string[] arguments)
    {
        var start = Testing.Cli.Command("dotnet", ["exec", Program, .. arguments]);
        start.Environment["ConnectionStrings__moviedb"] = connectionString;
        return start;
    }
}
