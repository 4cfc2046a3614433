namespace MovieAspire.Standalone.Dashboard.Pages.Console;

/// <summary>Text of one look.</summary>
/// <param name="Text">The text.</param>
/// <param name="Classes">The classes of <c>ansi.css</c>; nothing for plain text.</param>
internal readonly record struct AnsiRun(string Text, string? Classes);
