using System.ComponentModel;
using System.Diagnostics;

namespace MovieAspire.MigrationWorker.Tests.Backups;

/// <summary>A test that needs Docker and the image <see cref="Image"/>. Without them it is skipped on a developer's machine and fails in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EngineFactAttribute : FactAttribute
{
    /// <summary>Newer than the PostgreSQL of most machines.</summary>
    public const string Image = "postgres:17";

    private static readonly Lazy<bool> HasImage = new(AskEngine);

    public EngineFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("CI") is null or "" && !HasImage.Value)
        {
            Skip = $"No Docker engine has the image {Image}.";
        }
    }

    private static bool AskEngine()
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
