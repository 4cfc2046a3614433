using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MovieAspire.Standalone.Dashboard.Bench;

/// <summary>A service under load: requests with four statements each, through .NET's own exporter.</summary>
internal static class Sender
{
    private const int SpansPerTrace = 5;

    public static async Task RunAsync(Uri endpoint, string key, TimeSpan length, int spansPerSecond)
    {
        using var source = new ActivitySource("bench");
        using var provider = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("flood", autoGenerateServiceInstanceId: false))
            .AddSource(source.Name)
            .AddOtlpExporter(options =>
            {
                options.Endpoint = endpoint;
                options.Protocol = OtlpExportProtocol.Grpc;
                options.Headers = $"x-otlp-api-key={key}";
                options.BatchExportProcessorOptions = new() { MaxQueueSize = 50_000, MaxExportBatchSize = 512, ScheduledDelayMilliseconds = 100 };
            })
            .Build();
        var clock = Stopwatch.StartNew();
        var sent = 0;
        while (clock.Elapsed < length)
        {
            for (; sent < clock.Elapsed.TotalSeconds * spansPerSecond; sent += SpansPerTrace)
            {
                Send(source, sent);
            }

            await Task.Delay(10);
        }

        Console.WriteLine(sent);
    }

    private static void Send(ActivitySource source, int number)
    {
        using var request = source.StartActivity("GET /api/v1/movies/{id}", ActivityKind.Server, parentContext: default);
        request?.SetTag("http.request.method", "GET").SetTag("url.path", $"/api/v1/movies/{number}").SetTag("http.route", "/api/v1/movies/{id}")
            .SetTag("http.response.status_code", 200).SetTag("server.address", "localhost").SetTag("server.port", 5180).SetTag("network.protocol.version", "1.1");
        for (var i = 1; i < SpansPerTrace; i++)
        {
            using var statement = source.StartActivity("postgresql", ActivityKind.Client);
            statement?.SetTag("db.system.name", "postgresql").SetTag("db.namespace", "moviedb").SetTag("server.address", "localhost")
                .SetTag("db.query.text", $"SELECT m.id, m.title, m.release_date FROM movies m WHERE m.id = $1 /* {i} */");
        }
    }
}
