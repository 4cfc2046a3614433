using MovieAspire.Standalone.Dashboard.Tests.Browser;
using MovieAspire.Standalone.Dashboard.Tests.Otlp;

namespace MovieAspire.Standalone.Dashboard.Tests;

/// <summary>
/// What some tests need and a machine for development may lack: there they are skipped, and say why. In CI they run, and fail
/// for what is missing.
/// </summary>
internal static class Needs
{
    private static readonly bool IsCi = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"));

    public static string? Browser { get; } = Reason(BrowserFixture.Executable is not null, BrowserFixture.Remedy);

    public static string? Node { get; } = Reason(NodePackages.IsInstalled, NodePackages.Remedy);

    /// <summary>The first of these programs on the PATH.</summary>
    public static string? OnPath(params IEnumerable<string> names) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);

    private static string? Reason(bool isThere, string remedy) => isThere || IsCi ? null : remedy;
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
