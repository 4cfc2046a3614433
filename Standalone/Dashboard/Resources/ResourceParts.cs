namespace MovieAspire.Standalone.Dashboard.Resources;

/// <summary>The last result of a health check.</summary>
/// <param name="Name">The check.</param>
/// <param name="IsHealthy">The result; nothing before the first one.</param>
/// <param name="Reason">Why it is not healthy.</param>
public sealed record HealthReport(string Name, bool? IsHealthy, string? Reason);

/// <summary>An address of a resource. Only those of http and https become links.</summary>
public sealed record ResourceUrl(string Name, string Url);

/// <summary>A named value that may be a secret, which is shown only when asked for.</summary>
public sealed record ResourceValue(string Name, string Value, bool IsSecret = false);

/// <summary>A condition for a resource's start.</summary>
/// <param name="Resource">On whom.</param>
/// <param name="Condition">What it has to become.</param>
public sealed record ResourceWait(string Resource, WaitCondition Condition);

/// <summary>What a resource waits for in another one.</summary>
public enum WaitCondition
{
    /// <summary>That it runs.</summary>
    Started,

    /// <summary>That it runs and is healthy.</summary>
    Healthy,

    /// <summary>That it ended with the expected exit code.</summary>
    Completed,
}

/// <summary>Something that a person can have done to a resource.</summary>
/// <param name="Name">Its name, unique in the resource.</param>
/// <param name="DisplayName">The button's text.</param>
/// <param name="Description">What it does.</param>
/// <param name="Confirmation">The question to ask first.</param>
/// <param name="IsEnabled">Whether it can be done now.</param>
/// <param name="IsHighlighted">Whether it is worth a button in the table.</param>
public sealed record ResourceCommand(
    string Name, string DisplayName, string? Description = null, string? Confirmation = null, bool IsEnabled = true, bool IsHighlighted = false)
{
    /// <summary>Whether it is one of those that every process has.</summary>
    public bool IsLifecycle => Name is "start" or "stop" or "restart";
}
