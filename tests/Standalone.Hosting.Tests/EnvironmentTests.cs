using System.Net.Http.Json;
using Aspire.Hosting.Testing;

namespace MovieAspire.Standalone.Hosting.Tests;

public sealed class EnvironmentTests
{
    [Fact]
    public async Task A_project_runs_in_the_environment_that_Aspire_gives()
    {
        await using var app = await TestedAppHost.StartAsync("environment");
        await app.ResourceNotifications.WaitForResourceHealthyAsync("api", TestedAppHost.Limit);
        using var client = app.CreateHttpClient("api");
        var environment = await client.GetFromJsonAsync<Dictionary<string, string>>("/environment");

        var backend = app.GetEndpoint("my-backend").ToString().TrimEnd('/');
        Assert.Equal(backend, environment!["services__my-backend__http__0"]);
        Assert.Equal(backend, environment["MY_BACKEND_HTTP"]);
        Assert.Equal("a value", environment["NAME"]);
        Assert.Equal($"<a value>@{backend}", environment["MIXED"]);
        Assert.Equal(app.GetEndpoint("api").ToString().TrimEnd('/'), environment["ASPNETCORE_URLS"]);
        Assert.Equal("http", environment["DOTNET_LAUNCH_PROFILE"]);
        Assert.Equal("yes", environment["FROM_PROFILE"]);
        Assert.Equal("simple", environment["LOGGING__CONSOLE__FORMATTERNAME"]);
        Assert.Equal("api", environment["OTEL_SERVICE_NAME"]);
        // No dashboard runs, so that there is nowhere to send telemetry to.
        Assert.DoesNotContain("OTEL_EXPORTER_OTLP_ENDPOINT", environment.Keys);
        Assert.DoesNotContain(environment.Keys, name => name.StartsWith("ASPIRE_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Telemetry_goes_where_the_AppHost_is_told()
    {
        await using var app = await TestedAppHost.StartAsync("serve", "--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=http://localhost:4317");
        await app.ResourceNotifications.WaitForResourceHealthyAsync("api", TestedAppHost.Limit);
        using var client = app.CreateHttpClient("api");
        var environment = await client.GetFromJsonAsync<Dictionary<string, string>>("/environment");

        Assert.Equal("http://localhost:4317", environment!["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        Assert.Equal("grpc", environment["OTEL_EXPORTER_OTLP_PROTOCOL"]);
        Assert.Equal("1000", environment["OTEL_METRIC_EXPORT_INTERVAL"]);
    }

    [Fact]
    public async Task A_project_runs_in_its_own_folder()
    {
        await using var app = await TestedAppHost.StartAsync("serve");
        await app.ResourceNotifications.WaitForResourceHealthyAsync("api", TestedAppHost.Limit);
        using var client = app.CreateHttpClient("api");

        Assert.Equal("Standalone.Hosting.Tests.Subject", Path.GetFileName(await client.GetStringAsync(new Uri("/directory", UriKind.Relative))));
    }
}
