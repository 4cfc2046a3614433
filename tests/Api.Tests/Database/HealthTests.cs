using System.Net;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Testing;

namespace MovieAspire.Api.Tests.Database;

/// <summary>On databases of their own, which they break.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task Health_follows_the_database()
    {
        const string History = "\"__EFMigrationsHistory\"";
        await using var host = await Host.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await host.AskAsync("/health"));

        // A newer migration, so that a release can be rolled back.
        await host.ExecuteAsync($"INSERT INTO {History} VALUES ('99990101000000_Newer', '10.0.0')");
        Assert.Equal(HttpStatusCode.OK, await host.AskAsync("/health"));

        // An older one.
        await host.ExecuteAsync(
            $"DELETE FROM {History} WHERE \"MigrationId\" IN (SELECT \"MigrationId\" FROM {History} ORDER BY 1 DESC LIMIT 2)");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await host.AskAsync("/health"));

        // None.
        await host.ExecuteAsync($"DROP TABLE {History}");
        using (var client = host.Api.CreateClient())
        using (var response = await client.GetAsync("/health"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Contains("The database is at no migration", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await host.Api.DropDatabaseAsync();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await host.AskAsync("/health"));
        Assert.Equal(HttpStatusCode.OK, await host.AskAsync("/alive"));
    }

    [Fact]
    public async Task Database_that_is_down_delays_start_and_answers_by_seconds()
    {
        using var api = new ApiFixture { ConnectionString = $"Host=127.0.0.1;Port={FreePort.Find()};Username=x;Database=x" };
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var client = await Task.Run(api.CreateClient, deadline.Token).WaitAsync(deadline.Token);

        using var alive = await client.GetAsync("/alive", deadline.Token);
        using var movies = await client.GetAsync("/api/v1/movies", deadline.Token);

        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        Assert.Equal("1", movies.Headers.RetryAfter?.ToString());
        await movies.ReadProblemAsync(HttpStatusCode.ServiceUnavailable, "unavailable");
    }

    private sealed record Host(ApiFixture Api) : IAsyncDisposable
    {
        public static async Task<Host> StartAsync()
        {
            var api = new ApiFixture();
            await api.InitializeAsync();
            return new(api);
        }

        public Task ExecuteAsync(string sql) => Sql.ExecuteAsync(Api.ConnectionString, sql);

        public async Task<HttpStatusCode> AskAsync(string path)
        {
            using var client = Api.CreateClient();
            using var response = await client.GetAsync(path);
            return response.StatusCode;
        }

        public async ValueTask DisposeAsync() => await ((IAsyncLifetime)Api).DisposeAsync();
    }
}
