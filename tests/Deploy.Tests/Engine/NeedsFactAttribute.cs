using System.ComponentModel;
using System.Diagnostics;

namespace MovieAspire.Deploy.Tests.Engine;

/// <summary>
/// A test that needs a program which a machine for development may lack: there it is skipped, and says why. In CI it runs,
/// and fails for what is missing.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal abstract class NeedsFactAttribute : FactAttribute
{
    protected NeedsFactAttribute(bool isThere, string remedy)
    {
        if (!isThere)
        {
            Skip = remedy;
        }
    }

    /// <summary>True when the command succeeds, and in CI, where what is missing must not go unnoticed.</summary>
    protected static bool IsThere(string program, params string[] arguments)
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI")))
        {
            return true;
        }

        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}

/// <summary>A test on a container engine.</summary>
internal sealed class ContainerFactAttribute() : NeedsFactAttribute(EngineIsThere, "No Docker engine answers: start one to run the container tests.")
{
    private static readonly Lazy<bool> Engine = new(() => IsThere("docker", "compose", "ls"));

    /// <summary>False where the tests are skipped; fixtures, which are made nevertheless, then do nothing.</summary>
    public static bool EngineIsThere => Engine.Value;
}

/// <summary>A test that lints shell scripts.</summary>
internal sealed class ShellcheckFactAttribute() : NeedsFactAttribute(IsThere("shellcheck", "--version"), "shellcheck is missing: install the package of that name.");

/// <summary>A test of what is committed.</summary>
internal sealed class GitFactAttribute() : NeedsFactAttribute(IsThere("git", "-C", Repository.Root, "rev-parse"), "This is no clone of Git, or Git is missing.");
