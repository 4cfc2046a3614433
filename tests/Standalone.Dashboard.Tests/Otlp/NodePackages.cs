using System.Diagnostics;
using System.Reflection;
using MovieAspire.Testing;

namespace MovieAspire.Standalone.Dashboard.Tests.Otlp;

/// <summary>The OpenTelemetry SDK for Node, which is installed from npm into artifacts/ by the first test that needs it.</summary>
public sealed class NodePackages : IAsyncLifetime
{
    public const string Remedy = "The tests of a Node sender need Node.js and npm ('apt-get install nodejs npm' on Debian).";

    private static readonly string Npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
    private static readonly string[] Packages = ["@opentelemetry/sdk-node@0.223.0", "@opentelemetry/api@1.9.1", "@opentelemetry/api-logs@0.223.0"];

    public static bool IsInstalled => Prerequisite.OnPath(Npm) is not null && Prerequisite.OnPath("node", "node.exe") is not null;

    private static string Folder => Path.Combine(Artifacts(), "node-sender");

    public async Task InitializeAsync()
    {
        if (Needs.Node is null && !Directory.Exists(Path.Combine(Folder, "node_modules", "@opentelemetry", "sdk-node")))
        {
            Directory.CreateDirectory(Folder);
            await RunAsync(Npm, ["install", "--prefix", Folder, "--no-audit", "--no-fund", "--ignore-scripts", .. Packages], []);
        }
    }

    /// <summary>Runs the script beside this file with these variables, until it ends well.</summary>
    public static Task RunScriptAsync(string script, Dictionary<string, string> variables) =>
        RunAsync("node", [Path.Combine(AppContext.BaseDirectory, "Otlp", script)], new(variables) { ["NODE_PATH"] = Path.Combine(Folder, "node_modules") });

    public Task DisposeAsync() => Task.CompletedTask;

    private static async Task RunAsync(string program, IEnumerable<string> arguments, Dictionary<string, string> variables)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Start(start);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {await output} {await errors}");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new InvalidOperationException($"{Remedy} {exception.Message}", exception);
        }
    }

    // artifacts/bin/<project>/<configuration>/ is where this assembly lies.
    private static string Artifacts() => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!, "..", "..", ".."));
}
