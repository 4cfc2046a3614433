using System.Diagnostics;
using System.Net;
using System.Text.Json;
using MovieAspire.Testing;

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
    public async Task A_request_is_traced_down_to_its_sql()
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
    public async Task A_request_that_throws_is_an_error_with_its_exception()
    {
        using var response = await _service.Client.GetAsync("/fails");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);

        var request = (await _service.SpansOfAsync("/fails"))[0];
        Assert.Equal("GET /fails", request.DisplayName);
        Assert.Equal(ActivityStatusCode.Error, request.Status);
        Assert.Equal(typeof(InvalidOperationException).FullName, request.GetTagItem("error.type"));
        Assert.Contains(request.Events, e => e.Name == "exception");
    }

    [Fact]
    public async Task Health_requests_and_their_sql_are_not_traced()
    {
        await _service.Client.GetStringAsync("/health");
        await _service.Client.GetStringAsync("/alive");
        await _service.Client.GetStringAsync("/answers/7");

        await _service.SpansOfAsync("/answers/7");
        Assert.DoesNotContain(_service.Spans, span => $"{span.GetTagItem("url.path")}" is "/health" or "/alive");
        Assert.Single(_service.Spans, span => span.Source.Name == "Npgsql");
    }

    [Fact]
    public async Task Health_names_each_check_with_its_reason()
    {
        using var report = JsonDocument.Parse(await _service.Client.GetStringAsync("/health"));

        var checks = report.RootElement.GetProperty("checks");
        Assert.Equal("Healthy", report.RootElement.GetProperty("status").GetString());
        Assert.Equal("Healthy", checks.GetProperty(nameof(SampleContext)).GetProperty("status").GetString());
        Assert.Equal("all is well", checks.GetProperty("reasoned").GetProperty("description").GetString());
    }

    [Fact]
    public async Task Without_its_database_a_service_is_alive_but_not_ready()
    {
        await using var lost = await SampleService.StartAsync("Host=127.0.0.1;Port=1;Username=nobody;Password=secret-word;Database=none");

        using var ready = await lost.Client.GetAsync("/health");
        using var alive = await lost.Client.GetAsync("/alive");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        Assert.DoesNotContain("secret-word", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
