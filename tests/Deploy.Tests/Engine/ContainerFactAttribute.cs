using System.ComponentModel;
using System.Diagnostics;

namespace MovieAspire.Deploy.Tests.Engine;

/// <summary>A test that needs a container engine. Without one it is skipped on a developer's machine and fails in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ContainerFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> EngineAnswers = new(AskEngine);

    public ContainerFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("CI") is null or "" && !EngineAnswers.Value)
        {
            Skip = "No Docker engine answers `docker info`; start one to run the container tests.";
        }
    }

    private static bool AskEngine()
    {
        try
        {
            using var docker = Process.Start(new ProcessStartInfo("docker", ["compose", "ls"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
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
