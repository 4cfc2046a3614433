using MovieAspire.Standalone.Dashboard.Tests.Browser;
using MovieAspire.Standalone.Dashboard.Tests.Otlp;
using MovieAspire.Testing;

namespace MovieAspire.Standalone.Dashboard.Tests;

/// <summary>Why tests are skipped; null where they run.</summary>
internal static class Needs
{
    public static string? Browser { get; } = Prerequisite.Missing(() => BrowserFixture.Executable is not null, BrowserFixture.Remedy);

    public static string? Node { get; } = Prerequisite.Missing(() => NodePackages.IsInstalled, NodePackages.Remedy);
}

/// <summary>A test in a browser.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Needs.Browser;
}

/// <inheritdoc cref="BrowserFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Needs.Browser;
}

/// <summary>A test with a sender that runs in Node.js.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeTheoryAttribute : TheoryAttribute
{
    public NodeTheoryAttribute() => Skip = Needs.Node;
}
