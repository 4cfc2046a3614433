using System.ComponentModel;
using System.Diagnostics;

namespace MovieAspire.MigrationWorker.Tests.Backups;

/// <summary>A test that needs Docker and the image <see cref="Engine.Image"/>. Without them it is skipped on a developer's machine and fails in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EngineFactAttribute : FactAttribute
{
    public EngineFactAttribute() => Skip = Engine.Missing;
}

/// <inheritdoc cref="EngineFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EngineTheoryAttribute : TheoryAttribute
{
    public EngineTheoryAttribute() => Skip = Engine.Missing;
}

/// <summary>The container engine of this machine.</summary>
internal static class Engine
{
    /// <summary>Newer than the PostgreSQL of most machines.</summary>
    public const string Image = "postgres:17";

    private static readonly Lazy<bool> HasImage = new(Ask);

    /// <summary>Why tests that need it are skipped; null where they are not.</summary>
    public static string? Missing =>
        Environment.GetEnvironmentVariable("CI") is null or "" && !HasImage.Value ? $"No Docker engine has the image {Image}." : null;

    private static bool Ask()
    {
        try
        {
            using var docker = Process.Start(new ProcessStartInfo("docker", ["image", "inspect", Image]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            docker.StandardOutput.ReadToEnd();
            docker.WaitForExit();
            return docker.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
