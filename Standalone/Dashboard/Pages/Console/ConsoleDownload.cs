using Microsoft.AspNetCore.Http;
using MovieAspire.Standalone.Dashboard.Resources;

namespace MovieAspire.Standalone.Dashboard.Pages.Console;

/// <summary>A resource's console as a text file.</summary>
internal static class ConsoleDownload
{
    public static async Task<IResult> HandleAsync(string? resource, IResourceSource source, CancellationToken cancellationToken)
    {
        if (ConsoleStream.Choose(source, resource ?? "") is not { } chosen)
        {
            return Results.NotFound($"There is no resource '{resource}' with a console.");
        }

        var lines = await source.ReadConsoleAsync(chosen.Name, cancellationToken);
        return Results.File(
            System.Text.Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => $"{AnsiText.Strip(line.Text)}\n"))),
            "text/plain; charset=utf-8", $"{chosen.Name}.log");
    }
}
