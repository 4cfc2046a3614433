using Microsoft.AspNetCore.Http;
using MovieAspire.Standalone.Dashboard.Security;
using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Otlp;

/// <summary>Takes telemetry from whoever knows the API key, over gRPC or HTTP.</summary>
internal sealed class OtlpReceiver(string apiKey, TelemetryStore store) : IDisposable
{
    /// <summary>The header that carries the API key, as Aspire names it.</summary>
    public const string ApiKeyHeader = "x-otlp-api-key";

    // Requests that are read and decoded at a time: bounds the memory that bodies in flight take.
    private readonly SemaphoreSlim _turns = new(4);

    public async Task HandleAsync(HttpContext context)
    {
        var isGrpc = OtlpGrpc.IsGrpc(context.Request);
        if (!Secret.Equal(context.Request.Headers[ApiKeyHeader], apiKey))
        {
            await RefuseAsync(context, isGrpc, StatusCodes.Status401Unauthorized, OtlpStatus.Unauthenticated,
                $"The header {ApiKeyHeader} lacks the API key; the AppHost gives it to its resources in OTEL_EXPORTER_OTLP_HEADERS.");
            return;
        }

        var path = context.Request.Path.Value;
        var signal = OtlpSignal.All.FirstOrDefault(signal => isGrpc ? path == $"/{signal.Service}/Export" : path == signal.Path);
        if (signal is null || !HttpMethods.IsPost(context.Request.Method))
        {
            await RefuseAsync(context, isGrpc, StatusCodes.Status404NotFound, OtlpStatus.Unimplemented,
                "There are POST /v1/traces, /v1/logs and /v1/metrics, and their gRPC services.");
            return;
        }

        await _turns.WaitAsync(context.RequestAborted);
        try
        {
            await (isGrpc ? OtlpGrpc.HandleAsync(context, signal, store) : OtlpHttp.HandleAsync(context, signal, store));
        }
        finally
        {
            _turns.Release();
        }
    }

    public void Dispose() => _turns.Dispose();

    private static Task RefuseAsync(HttpContext context, bool isGrpc, int httpStatus, OtlpStatus status, string message)
    {
        if (!isGrpc)
        {
            return OtlpHttp.RefuseAsync(context, httpStatus, status, message);
        }

        OtlpGrpc.Refuse(context, status, message);
        return Task.CompletedTask;
    }
}
