namespace MovieAspire.Standalone.Dashboard.Resources;

/// <summary>How a command ended.</summary>
/// <param name="Succeeded">Whether it did what it should.</param>
/// <param name="Message">What to tell the person: why it failed, or what it made.</param>
public sealed record CommandOutcome(bool Succeeded, string? Message = null);
