using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MovieAspire.Standalone.Dashboard.Live;
using MovieAspire.Standalone.Dashboard.Resources;

namespace MovieAspire.Standalone.Dashboard.Pages.Console;

/// <summary>Sends the lines of a console that a page does not have yet, as they come.</summary>
internal static class ConsoleStream
{
    /// <summary>The resource that was asked for, or else the one that most likely is of interest: one that failed, or the first.</summary>
    public static ResourceSnapshot? Choose(IResourceSource source, string? name)
    {
        var candidates = source.Resources.Where(resource => resource.HasConsole).ToList();
        return name is not null
            ? candidates.Find(resource => resource.Name == name)
            : candidates.Find(resource => resource.Tone == StateTone.Bad) ?? candidates.FirstOrDefault();
    }

    public static async Task RunAsync(HttpContext context, EventStream stream, CancellationToken cancellationToken)
    {
        var query = context.Request.Query;
        var source = context.RequestServices.GetRequiredService<IResourceSource>();
        var name = query["resource"].ToString();
        if (Choose(source, name.Length > 0 ? name : null) is not { } resource)
        {
            return;
        }

        var renderer = context.RequestServices.GetRequiredService<PageRenderer>();
        var text = query["q"].ToString();
        var filter = new ConsoleFilter(text.Length > 0 ? text : null);
        _ = int.TryParse(query["after"], CultureInfo.InvariantCulture, out var after);
        await foreach (var batch in source.WatchConsoleAsync(resource.Name, cancellationToken))
        {
            var lines = filter.Apply([.. batch.Where(line => line.Number > after)]);
            if (lines.Count > 0)
            {
                var parameters = new Dictionary<string, object?> { [nameof(ConsoleLines.Lines)] = lines };
                await stream.SendAsync("append", await renderer.RenderAsync<ConsoleLines>(parameters));
            }
        }
    }
}
