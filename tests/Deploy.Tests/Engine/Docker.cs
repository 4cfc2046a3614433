using MovieAspire.Testing;

namespace MovieAspire.Deploy.Tests.Engine;

/// <summary>The container engine's command line.</summary>
internal static class Docker
{
    /// <summary>False where the tests are skipped; fixtures, which are made nevertheless, then do nothing.</summary>
    public static bool IsThere { get; } = Prerequisite.Missing(Tool.Docker) is null;

    /// <summary>Runs <c>docker</c> and gives what it wrote, trimmed.</summary>
    public static async Task<string> RunAsync(params string[] arguments) =>
        (await Cli.RunAsync("docker", arguments)).EnsureSuccess($"docker {string.Join(' ', arguments)}").Output.Trim();
}
