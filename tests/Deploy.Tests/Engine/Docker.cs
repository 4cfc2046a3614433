using MovieAspire.Testing;

namespace MovieAspire.Deploy.Tests.Engine;

/// <summary>The container engine's command line.</summary>
internal static class Docker
{
    /// <summary>Whether the engine's tests run. If not, fixtures, which xunit creates nevertheless, do nothing.</summary>
    public static bool IsThere { get; } = Prerequisite.Missing(Tool.Docker) is null;

    /// <summary>Generous, because images are built while other tests use all processors.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(30);

    /// <summary>Runs <c>docker</c> and returns its trimmed output.</summary>
    public static async Task<string> RunAsync(params string[] arguments) =>
        (await Cli.Command("docker", arguments).RunAsync(Deadline)).EnsureSuccess($"docker {string.Join(' ', arguments)}").Output.Trim();
}
