using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MovieAspire.Standalone.Dashboard.Live;
using MovieAspire.Standalone.Dashboard.Pages.Console;
using MovieAspire.Standalone.Dashboard.Pages.Logs;
using MovieAspire.Standalone.Dashboard.Pages.Metrics;
using MovieAspire.Standalone.Dashboard.Pages.Resources;
using MovieAspire.Standalone.Dashboard.Pages.Traces;
using MovieAspire.Standalone.Dashboard.Security;

namespace MovieAspire.Standalone.Dashboard.Pages;

/// <summary>The pages. Each address gives a whole page, or, to a browser that asks for events, the updates of that page.</summary>
internal static class PageEndpoints
{
    public static void MapPages(this IEndpointRouteBuilder app)
    {
        app.MapPage<ResourcesPage>("/");
        app.MapPage<ConsolePage>("/console", ConsoleStream.RunAsync);
        app.MapPage<LogsPage>("/logs");
        app.MapPage<TracesPage>("/traces");
        app.MapPage<TracePage>("/traces/{id}");
        app.MapPage<MetricsPage>("/metrics");
        app.MapGet("/console/download", ConsoleDownload.HandleAsync);
        app.MapFallback(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return WriteAsync<NotFoundPage>(context);
        });
    }

    private static void MapPage<TPage>(this IEndpointRouteBuilder app, string path, Func<HttpContext, EventStream, CancellationToken, Task>? alsoSend = null)
        where TPage : IPage =>
        app.MapGet(path, context => EventStream.IsWanted(context.Request)
            ? StreamAsync<TPage>(context, alsoSend)
            : WriteAsync<TPage>(context));

    private static async Task StreamAsync<TPage>(HttpContext context, Func<HttpContext, EventStream, CancellationToken, Task>? alsoSend)
    {
        // Streams have no end of their own, so they end with the browser's connection or with the dashboard.
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        using var stream = new EventStream(context, end.Token);
        try
        {
            await stream.OpenAsync();
            var also = alsoSend?.Invoke(context, stream, end.Token);
            await LivePage.RunAsync(context, stream, typeof(TPage), Request(context, isLive: true), end.Token);
            await (also ?? Task.CompletedTask);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The usual end.
        }
        finally
        {
            await end.CancelAsync();
        }
    }

    private static async Task WriteAsync<TPage>(HttpContext context)
        where TPage : IPage
    {
        var html = await context.RequestServices.GetRequiredService<PageRenderer>().RenderPageAsync<TPage>(Request(context, isLive: false));
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(html, context.RequestAborted);
    }

    private static PageRequest Request(HttpContext context, bool isLive) =>
        new(context, context.RequestServices.GetRequiredService<Access>().FormToken, isLive);
}
