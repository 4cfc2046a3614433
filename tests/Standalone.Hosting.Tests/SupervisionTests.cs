using System.Net.Http.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace MovieAspire.Standalone.Hosting.Tests;

public sealed class SupervisionTests
{
    [Fact]
    public async Task Resources_start_in_the_order_in_which_they_wait()
    {
        await using var app = await TestedAppHost.StartAsync("in-order");
        var events = app.ResourceNotifications;
        await events.WaitForResourceHealthyAsync("third", TestedAppHost.Limit);

        Assert.True(events.TryGetCurrentState("first", out var first));
        Assert.True(events.TryGetCurrentState("second", out var second));
        Assert.True(events.TryGetCurrentState("third", out var third));
        Assert.Equal((KnownResourceStates.Finished, 0), (first.Snapshot.State?.Text, first.Snapshot.ExitCode));
        Assert.True(first.Snapshot.StopTimeStamp <= second.Snapshot.StartTimeStamp);
        Assert.True(second.Snapshot.StartTimeStamp < third.Snapshot.StartTimeStamp);
        Assert.Equal(Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy, second.Snapshot.HealthStatus);
    }

    [Fact]
    public async Task A_failed_dependency_leaves_its_dependant_not_started()
    {
        await using var app = await TestedAppHost.StartAsync("failing");

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => app.ResourceNotifications.WaitForResourceHealthyAsync("api", TestedAppHost.Limit));

        Assert.Contains("FailedToStart", exception.Message, StringComparison.Ordinal);
        Assert.True(app.ResourceNotifications.TryGetCurrentState("worker", out var worker));
        Assert.Equal(3, worker.Snapshot.ExitCode);
        Assert.True(app.ResourceNotifications.TryGetCurrentState("api", out var api));
        Assert.Null(api.Snapshot.StartTimeStamp);
    }

    [Fact]
    public async Task An_explicit_start_waits_for_its_command()
    {
        await using var app = await TestedAppHost.StartAsync("explicit");
        await app.ResourceNotifications.WaitForResourceHealthyAsync("api", TestedAppHost.Limit);
        Assert.True(app.ResourceNotifications.TryGetCurrentState("tool", out var before));
        Assert.Equal(KnownResourceStates.NotStarted, before.Snapshot.State?.Text);

        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("tool", "start")).Success);

        await app.ResourceNotifications.WaitForResourceAsync("tool", e => e.Snapshot.ExitCode == 7, TestedAppHost.Limit);
    }

    [Fact]
    public async Task A_resource_can_be_stopped_and_started_again()
    {
        await using var app = await TestedAppHost.StartAsync("serve");
        var first = await app.ResourceNotifications.WaitForResourceHealthyAsync("api", TestedAppHost.Limit);

        await app.ResourceCommands.ExecuteCommandAsync("api", "stop");
        await app.ResourceNotifications.WaitForResourceAsync("api", KnownResourceStates.Finished, TestedAppHost.Limit);
        using var client = app.CreateHttpClient("api");
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("/health", UriKind.Relative)));

        await app.ResourceCommands.ExecuteCommandAsync("api", "start");
        var second = await app.ResourceNotifications.WaitForResourceHealthyAsync("api", TestedAppHost.Limit);
        Assert.NotEqual(Pid(first), Pid(second));
    }

    [Fact]
    public async Task Replicas_listen_on_ports_of_their_own()
    {
        await using var app = await TestedAppHost.StartAsync("replicas");
        foreach (var id in new[] { "api-1", "api-2" })
        {
            var replica = await app.ResourceNotifications.WaitForResourceAsync(
                "api", e => e.ResourceId == id && e.Snapshot.State?.Text == KnownResourceStates.Running, TestedAppHost.Limit);
            using var client = new HttpClient { BaseAddress = new Uri(replica.Snapshot.Urls.Single().Url) };
            await MovieAspire.Testing.Eventually.SucceedsAsync(async () =>
            {
                var environment = await client.GetFromJsonAsync<Dictionary<string, string>>("/environment");
                Assert.Equal($"service.instance.id={id}", environment!["OTEL_RESOURCE_ATTRIBUTES"]);
            });
        }
    }

    [Fact]
    public async Task AppHosts_run_side_by_side_and_end_within_two_seconds()
    {
        var apps = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => TestedAppHost.StartAsync("serve")));
        await Task.WhenAll(apps.Select(a => a.ResourceNotifications.WaitForResourceHealthyAsync("api", TestedAppHost.Limit)));
        Assert.Equal(3, apps.Select(a => a.GetEndpoint("api").Port).Distinct().Count());

        foreach (var app in apps)
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            await app.DisposeAsync();
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        }
    }

    private static string? Pid(ResourceEvent resource) => resource.Snapshot.Properties.Single(p => p.Name == "executable.pid").Value?.ToString();
}
