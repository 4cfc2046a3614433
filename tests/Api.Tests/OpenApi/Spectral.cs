using MovieAspire.Testing;

namespace MovieAspire.Api.Tests.OpenApi;

/// <summary>The linter Spectral, installed from npm into artifacts/ by the first test that needs it.</summary>
internal static class Spectral
{
    private const string Package = "@stoplight/spectral-cli@6.16.3";

    private static readonly string Folder = Path.Combine(Repository.Root, "artifacts", "spectral");
    private static readonly string Program =
        Path.Combine(Folder, "node_modules", ".bin", OperatingSystem.IsWindows() ? "spectral.cmd" : "spectral");

    private static string Npm { get; } = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";

    /// <summary>The findings in a file; empty if there are none.</summary>
    public static async Task<string> LintAsync(string file, string rules)
    {
        if (!File.Exists(Program))
        {
            Directory.CreateDirectory(Folder);
            Assert.Equal("", await RunAsync(Npm, "install", "--prefix", Folder, "--no-audit", "--no-fund", "--ignore-scripts", Package));
        }

        return await RunAsync(Program, "lint", file, "--ruleset", rules, "--fail-severity", "hint");
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var result = await Cli.RunAsync(program, arguments);
        return result.ExitCode == 0 ? "" : $"{program} exited with {result.ExitCode}: {result.All}";
    }
}
