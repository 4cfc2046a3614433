using System.Net;
using System.Text;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;
using MovieAspire.Testing;

namespace MovieAspire.Api.Tests.Movies;

/// <summary>An import can outlast the right to it.</summary>
public sealed class ImportAuthorizationTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Import = "/api/v1/movies/import";

    [Theory]
    [InlineData("PUT", "admin/users/{0}/lock", HttpStatusCode.Unauthorized, "unauthenticated")]
    [InlineData("DELETE", "admin/users/{0}/roles/admin", HttpStatusCode.Forbidden, "forbidden")]
    [InlineData("DELETE", "admin/users/{0}/sessions", HttpStatusCode.Unauthorized, "unauthenticated")]
    [InlineData("DELETE", "me", HttpStatusCode.Unauthorized, "unauthenticated")]
    public async Task Import_ends_with_what_it_has_when_its_admin_no_longer_is_one(
        string method, string path, HttpStatusCode status, string code)
    {
        var (admin, other) = (await api.AddSignedInUserAsync(Roles.Admin), await api.AddSignedInUserAsync(Roles.Admin));
        var id = Guid.NewGuid();
        string Lines(int from, int count) => string.Concat(
            Enumerable.Range(from, count).Select(n => $$"""{"title":"Film {{n}} {{id}}","releaseDate":"2001-01-01"}""" + "\n"));
        Task<long> ImportedAsync() => api.ScalarAsync<long>($"SELECT count(*) FROM movies WHERE title LIKE {$"%{id}"}");

        // A client that follows redirects buffers what it sends.
        using var client = api.CreateClient(new() { AllowAutoRedirect = false });
        client.DefaultRequestHeaders.Authorization = admin.Client.DefaultRequestHeaders.Authorization;
        var half = new TaskCompletionSource();
        using var content = new PartsContent(Lines(0, 300), half.Task, Lines(300, 1000));
        content.Headers.ContentType = new("application/x-ndjson");

        var import = client.PostAsync(Import, content);
        await Eventually.SucceedsAsync(async () => Assert.Equal(250, await ImportedAsync()));
        using var act = await (path == "me" ? admin : other).Client.SendAsync(method, $"/api/v1/{string.Format(null, path, admin.Id)}");
        Assert.Equal(HttpStatusCode.NoContent, act.StatusCode);
        half.SetResult();
        using var response = await import;

        var imported = (await response.ReadProblemAsync(status, code)).GetProperty("imported");
        Assert.Equal((250, 0), (imported.GetProperty("created").GetInt32(), imported.GetProperty("rejected").GetInt32()));
        Assert.Equal(250, await ImportedAsync());
        Assert.Equal(250, await api.ScalarAsync<int>(
            $"SELECT (after ->> 'created')::integer FROM audit_entries WHERE action = 'movies.imported' AND actor_id = {admin.Id}"));
    }

    /// <summary>Content of unknown length whose second half waits for a task.</summary>
    private sealed class PartsContent(string first, Task wait, string second) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(first));
            await stream.FlushAsync();
            await wait;
            await stream.WriteAsync(Encoding.UTF8.GetBytes(second));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
