using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using MovieAspire.Testing;

namespace MovieAspire.AppHost.Tests;

[Collection(RunningApplication.Collection)]
public sealed class RunTests(RunningApplication running)
{
    [RequiresFact(Tool.Docker)]
    public async Task Empty_machine_gets_an_api_with_movies_from_a_container()
    {
        await using var run = await TestApplication.StartAsync("container");
        await GivesMoviesAsync(run);
    }

    [Fact]
    public Task Empty_machine_gets_an_api_with_movies_without_an_engine() => GivesMoviesAsync(running.Application);

    [Fact]
    public async Task Worker_that_fails_keeps_the_api_from_starting_and_the_console_tells_why()
    {
        await using var run = await TestApplication.StartAsync(
            "process", configure: worker => worker.WithEnvironment("Seed__Profile", "nonsense"));

        await run.Application.ResourceNotifications.WaitForResourceAsync("api", KnownResourceStates.FailedToStart, run.Deadline);

        Assert.NotEqual(0, run.ExitCode("migrations"));
        await Eventually.HoldsAsync(
            () => run.Console.Contains("migrations failed with exit code", StringComparison.Ordinal), "the console tells of the failure");
        Assert.Matches("migrations failed with exit code [0-9]+: .*nonsense", run.Console);
    }

    private static async Task GivesMoviesAsync(TestApplication run)
    {
        await run.BecomesHealthyAsync("api");

        Assert.Equal(0, run.ExitCode("migrations"));
        using var client = run.Application.CreateHttpClient("api");
        var page = await client.GetFromJsonAsync<JsonElement>("/api/v1/movies?sort=-rating&limit=3&includeTotal=true", run.Deadline);
        Assert.Equal(3200, page.GetProperty("total").GetInt32());
        Assert.Equal(3, page.GetProperty("items").GetArrayLength());
        var connectionString = await run.Application.GetConnectionStringAsync("moviedb", run.Deadline);
        Assert.Contains("Database=moviedb", connectionString, StringComparison.Ordinal);
        var movies = new Uri(client.BaseAddress!, "/api/v1/movies").ToString();
        await Eventually.HoldsAsync(() => run.Console.Contains(movies, StringComparison.Ordinal), "the console tells where the API is");

        await run.BecomesHealthyAsync("admin");
        using var admin = run.Application.CreateHttpClient("admin");
        Assert.Contains("Sign in", await admin.GetStringAsync("/", run.Deadline), StringComparison.Ordinal);
        var address = $"{admin.BaseAddress}".TrimEnd('/');
        await Eventually.HoldsAsync(
            () => run.Console.Contains($"Sign in:        {address}", StringComparison.Ordinal)
                && run.Console.Contains("admin@example.com", StringComparison.Ordinal),
            "the console tells where the admin site is, and who signs in there");
    }
}
