using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MovieAspire.Standalone.Dashboard.Pages;
using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Live;

/// <summary>Renders a page's content again after each change and sends it where it differs from what the browser has.</summary>
internal static class LivePage
{
    // Fast enough to look immediate, slow enough to read.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);

    // Without a change there may still be something to move (a chart's time axis), and a dead connection to notice.
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(15);

    public static async Task RunAsync(HttpContext context, EventStream stream, Type view, PageRequest request, CancellationToken end)
    {
        var renderer = context.RequestServices.GetRequiredService<PageRenderer>();
        var resources = context.RequestServices.GetRequiredService<ResourceChanges>().Signal;
        var telemetry = context.RequestServices.GetRequiredService<TelemetryStore>().Changed;
        var last = "";
        while (true)
        {
            var changed = Task.WhenAny(resources.Next, telemetry.Next);
            var started = Stopwatch.GetTimestamp();
            var html = await renderer.RenderContentAsync(view, request);
            var took = Stopwatch.GetElapsedTime(started);
            if (html != last)
            {
                await stream.SendAsync("page", last = html);
            }
            else
            {
                await stream.SendAsync("still", "");
            }

            // A page that is heavy to render (a search through everything) takes at most a fifth of a core.
            await Task.Delay(took * 4 > Pause ? took * 4 : Pause, end);
            await Task.WhenAny(changed, Task.Delay(Idle, end));
        }
    }
}
