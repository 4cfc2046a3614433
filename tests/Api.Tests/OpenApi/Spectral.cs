using System.Diagnostics;
using MovieAspire.Testing;

namespace MovieAspire.Api.Tests.OpenApi;

/// <summary>The linter Spectral, installed from npm into artifacts/ by the first test that needs it.</summary>
internal static class Spectral
{
    private const string Package = "@stoplight/spectral-cli@6.16.3";

    private static readonly string Folder = Path.Combine(Repository.Root, "artifacts", "spectral");
    private static readonly string Program = Path.Combine(Folder, "node_modules", ".bin", OperatingSystem.IsWindows() ? "spectral.cmd" : "spectral");

    private static string Npm { get; } = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";

    /// <summary>Why tests that need it are skipped; null where they run.</summary>
    public static string? Missing { get; } = Prerequisite.Missing(
        () => Prerequisite.OnPath(Npm) is not null, "The linter needs Node.js and npm ('apt-get install nodejs npm' on Debian).");

    /// <summary>What it finds in the file; empty when that is nothing.</summary>
    public static async Task<string> LintAsync(string file, string rules)
    {
        if (!File.Exists(Program))
        {
            Directory.CreateDirectory(Folder);
            Assert.Equal("", await RunAsync(Npm, "install", "--prefix", Folder, "--no-audit", "--no-fund", "--ignore-scripts", Package));
        }

        return await RunAsync(Program, "lint", file, "--ruleset", rules, "--fail-severity", "hint");
    }

    /// <summary>What the program said, unless it ended well.</summary>
    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? "" : $"{program} ended with {process.ExitCode}: {await output}{errors}";
    }
}

/// <summary>A test with the linter.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SpectralFactAttribute : FactAttribute
{
    public SpectralFactAttribute() => Skip = Spectral.Missing;
}
