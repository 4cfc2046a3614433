using Microsoft.AspNetCore.Http;

namespace MovieAspire.Standalone.Dashboard.Live;

/// <summary>A response of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html), to which several may write.</summary>
internal sealed class EventStream(HttpContext context, CancellationToken end) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    public static bool IsWanted(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.Ordinal);

    /// <summary>Sends the headers, so that the browser knows that it is connected.</summary>
    public async Task OpenAsync()
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.StartAsync(end);
    }

    public async Task SendAsync(string name, string html)
    {
        await _turn.WaitAsync(end);
        try
        {
            await context.Response.WriteAsync($"event: {name}\ndata: {html.ReplaceLineEndings("\ndata: ")}\n\n", end);
            await context.Response.Body.FlushAsync(end);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
