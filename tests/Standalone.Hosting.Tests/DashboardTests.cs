using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using MovieAspire.Testing;

namespace MovieAspire.Standalone.Hosting.Tests;

/// <summary>The dashboard of a real AppHost: what it shows is the host's state, and what it does the host does.</summary>
public sealed class DashboardTests
{
    private const string Anywhere = "--ASPNETCORE_URLS=http://localhost:0";

    [Fact]
    public async Task It_shows_the_resources_and_starts_and_stops_them()
    {
        using var home = new TemporaryFolder();
        await using var appHost = AppHostProcess.Start(home, "serve", Anywhere);
        using var dashboard = await OpenAsync(appHost);
        await Eventually.HoldsAsync(async () => await StateAsync(dashboard, "api") == "Running", "api runs");

        Assert.Equal(HttpStatusCode.OK, (await dashboard.PostAsync("/api/resources/api/commands/stop", null)).StatusCode);
        Assert.Equal("Finished", await StateAsync(dashboard, "api"));
        Assert.Equal(HttpStatusCode.OK, (await dashboard.PostAsync("/api/resources/api/commands/start", null)).StatusCode);
        await Eventually.HoldsAsync(async () => await StateAsync(dashboard, "api") == "Running", "api runs again");
        Assert.Equal(HttpStatusCode.Conflict, (await dashboard.PostAsync("/api/resources/api/commands/fly", null)).StatusCode);
    }

    [Fact]
    public async Task Processes_are_told_where_and_with_which_key_to_send_their_telemetry()
    {
        using var home = new TemporaryFolder();
        await using var appHost = AppHostProcess.Start(home, "serve", Anywhere);
        var api = await appHost.LineAsync(@"^  api\s+(http://localhost:\d+)$");

        using var client = new HttpClient();
        var environment = JsonSerializer.Deserialize<Dictionary<string, string>>(await client.GetStringAsync(new Uri($"{api}/environment")))!;

        Assert.Matches(@"^http://localhost:[1-9]\d*$", environment["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        Assert.Equal("grpc", environment["OTEL_EXPORTER_OTLP_PROTOCOL"]);
        Assert.Matches("^x-otlp-api-key=[0-9a-f]{32}$", environment["OTEL_EXPORTER_OTLP_HEADERS"]);
        Assert.Equal("1000", environment["OTEL_METRIC_EXPORT_INTERVAL"]);
    }

    [Fact]
    public async Task A_failed_start_stays_in_view_with_its_reason()
    {
        using var home = new TemporaryFolder();
        await using var appHost = AppHostProcess.Start(home, "failing", Anywhere);
        using var dashboard = await OpenAsync(appHost);
        await Eventually.HoldsAsync(async () => await StateAsync(dashboard, "api") == "FailedToStart", "api is not started");

        var resources = await ResourcesAsync(dashboard);

        Assert.Equal("api was not started: it needed worker to complete, but worker ended with exit code 3.", resources.Single(resource => Name(resource) == "api").GetProperty("reasons")[0].GetString());
        Assert.Equal(3, resources.Single(resource => Name(resource) == "worker").GetProperty("exitCode").GetInt32());
    }

    [Fact]
    public async Task Without_an_address_there_is_none()
    {
        using var home = new TemporaryFolder();
        await using var appHost = AppHostProcess.Start(home, "serve");

        await appHost.LineAsync(@"^  api\s+(http://localhost:\d+)$");

        Assert.DoesNotContain("Dashboard:", appHost.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_ends_the_start_with_its_owner_and_advice()
    {
        using var home = new TemporaryFolder();
        await using var first = AppHostProcess.Start(home, "serve", Anywhere);
        var url = await first.LineAsync("^Dashboard: (http://localhost:[0-9]+)/");
        using var other = new TemporaryFolder();
        await using var second = AppHostProcess.Start(other, "serve", $"--ASPNETCORE_URLS={url}");

        Assert.Equal(1, (await second.ExitAsync()).Code);
        Assert.EndsWith(
            $"which the dashboard needs, is taken by dotnet MovieAspire.Standalone.Hosting.Tests.AppHost.dll (process {first.Id}). End that program, or choose another port in ASPNETCORE_URLS.",
            second.Output.TrimEnd(), StringComparison.Ordinal);
    }

    private static async Task<HttpClient> OpenAsync(AppHostProcess appHost)
    {
        var url = new Uri(await appHost.LineAsync("^Dashboard: (http.+)$"));
        var client = new HttpClient { BaseAddress = url };
        client.DefaultRequestHeaders.Add("x-api-key", Regex.Match(url.Query, "t=(.+)").Groups[1].Value);
        return client;
    }

    private static async Task<JsonElement[]> ResourcesAsync(HttpClient dashboard)
    {
        var json = await dashboard.GetStringAsync("/api/resources");
        return [.. JsonDocument.Parse(json).RootElement.GetProperty("resources").EnumerateArray()];
    }

    private static async Task<string?> StateAsync(HttpClient dashboard, string name) =>
        (await ResourcesAsync(dashboard)).Where(resource => Name(resource) == name).Select(resource => resource.GetProperty("state").GetString()).FirstOrDefault();

    private static string? Name(JsonElement resource) => resource.GetProperty("name").GetString();
}
