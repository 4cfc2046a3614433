namespace MovieAspire.Standalone.Dashboard.Resources;

/// <summary>A line that a resource wrote to its console.</summary>
/// <param name="Number">Its place, growing within the resource.</param>
/// <param name="Text">The line, with the ANSI escape sequences that it came with.</param>
/// <param name="IsError">Whether it came from standard error.</param>
public sealed record ConsoleLine(int Number, string Text, bool IsError);
