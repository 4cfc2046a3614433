using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using MovieAspire.Testing;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace MovieAspire.ServiceDefaults.Tests;

public sealed class ServiceDefaultsTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private SampleService _service = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _service = await SampleService.StartAsync(_database.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Request_is_traced_down_to_its_SQL()
    {
        Assert.Equal("42", await _service.Client.GetStringAsync("/answers/42?secret=word"));

        var spans = await _service.SpansOfAsync("/answers/42");
        var request = spans[0];
        Assert.Equal("GET /answers/{id:int}", request.DisplayName);
        Assert.Equal("/answers/{id:int}", request.GetTagItem("http.route"));
        Assert.Equal("GET", request.GetTagItem("http.request.method"));
        Assert.Equal(200, request.GetTagItem("http.response.status_code"));
        Assert.Equal(ActivityStatusCode.Unset, request.Status);
        Assert.DoesNotContain(request.TagObjects, tag => $"{tag.Value}".Contains("word", StringComparison.Ordinal));
        Assert.Single(spans, span => span.Source.Name == "Npgsql"
            && span.TagObjects.Any(tag => $"{tag.Value}".Contains("SELECT", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Span_of_a_request_that_throws_has_route_and_exception()
    {
        using var response = await _service.Client.GetAsync("/fails");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);

        var request = (await _service.SpansOfAsync("/fails"))[0];
        Assert.Equal("GET /fails", request.DisplayName);
        Assert.Equal("/fails", request.GetTagItem("http.route"));
        Assert.Equal(ActivityStatusCode.Error, request.Status);
        Assert.Equal(typeof(InvalidOperationException).FullName, request.GetTagItem("error.type"));
        Assert.Contains(request.Events, e => e.Name == "exception");
    }

    [Fact]
    public async Task Without_a_receiver_nothing_is_collected()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["ConnectionStrings:moviedb"] = _database.ConnectionString;
        builder.AddServiceDefaults();
        builder.AddDatabase<SampleContext>();
        await using var app = builder.Build();

        Assert.Null(app.Services.GetService<TracerProvider>());
        Assert.Null(app.Services.GetService<MeterProvider>());
        Assert.Null(app.Services.GetService<LoggerProvider>());
    }

    [Fact]
    public async Task Health_checks_and_their_SQL_are_not_traced()
    {
        await _service.Client.GetStringAsync("/health");
        await _service.Client.GetStringAsync("/alive");
        await _service.Client.GetStringAsync("/answers/7");

        await _service.SpansOfAsync("/answers/7");
        Assert.DoesNotContain(_service.Spans, span => $"{span.GetTagItem("url.path")}" is "/health" or "/alive");
        Assert.Single(_service.Spans, span => span.Source.Name == "Npgsql");
    }

    [Fact]
    public async Task Health_checks_are_not_counted()
    {
        var routes = new ConcurrentQueue<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "http.server.request.duration")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
            routes.Enqueue($"{tags.ToArray().Single(tag => tag.Key == "http.route").Value}"));
        listener.Start();

        await _service.Client.GetStringAsync("/health");
        await _service.Client.GetStringAsync("/alive");
        await _service.Client.GetStringAsync("/answers/7");

        await Eventually.HoldsAsync(() => routes.Contains("/answers/{id:int}"), "the request is counted");
        Assert.DoesNotContain(routes, route => route is "/health" or "/alive");
    }

    [Fact]
    public async Task Health_report_names_each_check_with_its_description()
    {
        using var report = JsonDocument.Parse(await _service.Client.GetStringAsync("/health"));

        var checks = report.RootElement.GetProperty("checks");
        Assert.Equal("Healthy", report.RootElement.GetProperty("status").GetString());
        Assert.Equal("Healthy", checks.GetProperty(nameof(SampleContext)).GetProperty("status").GetString());
        Assert.Equal("all is well", checks.GetProperty("reasoned").GetProperty("description").GetString());
    }

    [Fact]
    public async Task Service_without_its_database_is_alive_but_not_ready()
    {
        await using var lost = await SampleService.StartAsync("Host=127.0.0.1;Port=1;Username=nobody;Password=secret-word;Database=none");

        using var ready = await lost.Client.GetAsync("/health");
        using var alive = await lost.Client.GetAsync("/alive");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        Assert.DoesNotContain("secret-word", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
