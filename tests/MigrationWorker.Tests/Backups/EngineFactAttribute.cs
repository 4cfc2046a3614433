using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests.Backups;

/// <summary>
/// A test that needs Docker and the image <see cref="Engine.Image"/>. Without them it is skipped on a developer's machine and fails in
/// CI.
/// </summary>
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

    /// <summary>Why tests that need it are skipped; null where they are not.</summary>
    public static string? Missing { get; } = Prerequisite.Missing(
        () => Prerequisite.Succeeds("docker", "image", "inspect", Image), $"No Docker engine has the image {Image}.");
}
