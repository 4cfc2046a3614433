using System.Net;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace MovieAspire.AppHost.Tests;

/// <summary>The whole application, started as `dotnet run` does, with data of its own.</summary>
public sealed class RunTests
{
    [Fact]
    public async Task From_nothing_to_an_api_that_answers()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(limit.Token);
        await using var app = await builder.BuildAsync(limit.Token);
        await app.StartAsync(limit.Token);

        await app.ResourceNotifications.WaitForResourceHealthyAsync("api", limit.Token);

        Assert.True(app.ResourceNotifications.TryGetCurrentState("migrations", out var migrations));
        Assert.Equal((KnownResourceStates.Finished, 0), (migrations.Snapshot.State?.Text, migrations.Snapshot.ExitCode));
        using var client = app.CreateHttpClient("api");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/health", UriKind.Relative), limit.Token)).StatusCode);
        Assert.Contains("Database=moviedb", await app.GetConnectionStringAsync("moviedb", limit.Token), StringComparison.Ordinal);
    }
}
