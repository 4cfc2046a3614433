namespace MovieAspire.Standalone.Dashboard.Resources;

/// <summary>A reason why a resource is not up.</summary>
/// <param name="Text">The reason in a sentence.</param>
/// <param name="Resource">The resource to look at.</param>
/// <param name="IsProblem">Whether something went wrong, rather than is still on the way.</param>
public sealed record Cause(string Text, string Resource, bool IsProblem);
