using System.Net;

namespace MovieAspire.Api.Tests.Database;

public sealed class RetryTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Requests_succeed_after_the_server_has_cut_all_connections()
    {
        var movie = await api.AddMovieAsync("Heat");
        using var ann = api.CreateClient(await api.AddUserAsync("ann"));
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(HttpMethod.Put));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Get, "/api/v1/genres"));

        await CutConnectionsAsync();
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Get, "/api/v1/genres"));

        await CutConnectionsAsync();
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Get, $"/api/v1/movies/{movie}"));

        await CutConnectionsAsync();
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(HttpMethod.Delete));

        async Task<HttpStatusCode> SendAsync(HttpMethod method, string? path = null)
        {
            using var response = await ann.SendAsync(new(method, path ?? $"/api/v1/me/favorites/{movie}"));
            return response.StatusCode;
        }
    }

    private Task CutConnectionsAsync() => api.ExecuteAsync(
        $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
}
