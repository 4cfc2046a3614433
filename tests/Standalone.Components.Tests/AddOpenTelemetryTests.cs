using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace MovieAspire.Standalone.Components.Tests;

public sealed class AddOpenTelemetryTests
{
    [Fact]
    public async Task Spans_that_a_hosted_service_begins_at_its_start_are_exported_when_the_host_ends()
    {
        using var source = new ActivitySource($"test.{Guid.NewGuid():N}");
        var exporter = new CountingExporter<Activity>();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddHostedService(_ => new EarlyBird(source));
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing
            .AddSource(source.Name).AddProcessor(new BatchActivityExportProcessor(exporter)));

        using (var host = builder.Build())
        {
            await host.StartAsync();
        }

        Assert.Equal(1, exporter.Count);
    }

    [Fact]
    public async Task Metrics_of_a_named_meter_are_collected()
    {
        using var meter = new Meter($"test.{Guid.NewGuid():N}");
        var exporter = new CountingExporter<Metric>();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(meter.Name).AddReader(new BaseExportingMetricReader(exporter)));

        using (var host = builder.Build())
        {
            await host.StartAsync();
            meter.CreateCounter<int>("things").Add(1);
        }

        Assert.Equal(1, exporter.Count);
    }

    [Fact]
    public void Adding_it_again_adds_to_the_same_provider()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource("one"));
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource("two"));
        using var host = builder.Build();

        Assert.Single(host.Services.GetServices<TracerProvider>());
        Assert.Single(builder.Services, service => service.ImplementationType == typeof(TelemetryStarter));
    }

    [Fact]
    public void Logs_reach_the_exporter()
    {
        var exporter = new CountingExporter<OpenTelemetry.Logs.LogRecord>();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddOpenTelemetry().WithLogging(logging => OpenTelemetry.Logs.LoggerProviderBuilderExtensions.AddProcessor(
            logging, new SimpleLogRecordExportProcessor(exporter)));
        using var host = builder.Build();

        host.Services.GetRequiredService<ILogger<AddOpenTelemetryTests>>().LogWarning("seen");

        Assert.Equal(1, exporter.Count);
    }

    private sealed class EarlyBird(ActivitySource source) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken)
        {
            source.StartActivity("early")?.Dispose();
            return Task.CompletedTask;
        }

        public override Task StartAsync(CancellationToken cancellationToken) => ExecuteAsync(cancellationToken);
    }

    private sealed class CountingExporter<T> : BaseExporter<T>
        where T : class
    {
        public int Count { get; private set; }

        public override ExportResult Export(in Batch<T> batch)
        {
            foreach (var _ in batch)
            {
                Count++;
            }

            return ExportResult.Success;
        }
    }
}
