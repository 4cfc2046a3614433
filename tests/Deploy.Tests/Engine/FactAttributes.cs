using MovieAspire.Testing;

namespace MovieAspire.Deploy.Tests.Engine;

/// <summary>A test on a container engine.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ContainerFactAttribute : FactAttribute
{
    private static readonly string? Missing = Prerequisite.Missing(
        () => Prerequisite.Succeeds("docker", "compose", "ls"), "No Docker engine answers: start one to run the container tests.");

    public ContainerFactAttribute() => Skip = Missing;

    /// <summary>False where the tests are skipped; fixtures, which are made nevertheless, then do nothing.</summary>
    public static bool EngineIsThere => Missing is null;
}

/// <summary>A test that lints shell scripts.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ShellcheckFactAttribute : FactAttribute
{
    public ShellcheckFactAttribute() => Skip = Prerequisite.Missing(
        () => Prerequisite.Succeeds("shellcheck", "--version"), "shellcheck is missing: install the package of that name.");
}

/// <summary>A test of what is committed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GitFactAttribute : FactAttribute
{
    public GitFactAttribute() => Skip = Prerequisite.Missing(
        () => Prerequisite.Succeeds("git", "-C", Repository.Root, "rev-parse"), "This is no clone of Git, or Git is missing.");
}
