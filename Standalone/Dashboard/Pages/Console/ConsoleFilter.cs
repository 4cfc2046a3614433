using MovieAspire.Standalone.Dashboard.Resources;

namespace MovieAspire.Standalone.Dashboard.Pages.Console;

/// <summary>Which lines of a console to show.</summary>
internal sealed record ConsoleFilter(string? Text)
{
    public IReadOnlyList<ConsoleLine> Apply(IReadOnlyList<ConsoleLine> lines) =>
        Text is null ? lines : [.. lines.Where(line => AnsiText.Strip(line.Text).Contains(Text, StringComparison.OrdinalIgnoreCase))];
}
