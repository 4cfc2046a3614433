using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace MovieAspire.ServiceDefaults.Tests;

/// <summary>A small service on a free port with the service defaults. Keeps the spans that it would export.</summary>
internal sealed class SampleService(WebApplication app, ConcurrentQueue<Activity> spans) : IAsyncDisposable
{
    public HttpClient Client { get; } = new() { BaseAddress = new Uri(app.Urls.First()) };

    public static async Task<SampleService> StartAsync(string connectionString)
    {
        var spans = new ConcurrentQueue<Activity>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:moviedb"] = connectionString,
            ["OTEL_TRACES_SAMPLER"] = "always_on",
            // Nothing listens there, but without an endpoint there is no telemetry.
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1",
        });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        builder.AddDatabase<SampleContext>();
        builder.Services.AddHealthChecks().AddCheck("reasoned", () => HealthCheckResult.Healthy("all is well"));
        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing =>
            tracing.AddProcessor(new SimpleActivityExportProcessor(new QueueExporter(spans))));

        var app = builder.Build();
        app.UseExceptionHandler(handler => handler.Run(_ => Task.CompletedTask));
        app.MapDefaultEndpoints();
        app.MapGet("/answers/{id:int}", (int id, SampleContext context, CancellationToken cancellation) =>
            context.Database.SqlQuery<int>($"SELECT {id} AS \"Value\"").SingleAsync(cancellation));
        app.MapGet("/fails", string () => throw new InvalidOperationException("deliberate"));
        await app.StartAsync();
        return new SampleService(app, spans);
    }

    /// <summary>The exported spans of the request, once it has ended.</summary>
    public async Task<IReadOnlyList<Activity>> SpansOfAsync(string path)
    {
        Activity? root = null;
        await Testing.Eventually.HoldsAsync(
            () => (root = spans.FirstOrDefault(span => span.GetTagItem("url.path") as string == path)) is not null, $"a span of {path}");
        return [root!, .. spans.Where(span => span.TraceId == root!.TraceId && span != root)];
    }

    public IReadOnlyCollection<Activity> Spans => spans;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
    }

    private sealed class QueueExporter(ConcurrentQueue<Activity> spans) : BaseExporter<Activity>
    {
        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (var span in batch)
            {
                spans.Enqueue(span);
            }

            return ExportResult.Success;
        }
    }
}

internal sealed class SampleContext(DbContextOptions<SampleContext> options) : DbContext(options);
