using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MovieAspire.Deploy.Tests.Engine;
using MovieAspire.Testing;

namespace MovieAspire.Deploy.Tests;

/// <summary>bench/api-memory.sh imports and exports a million movies in a container of 150 MB.</summary>
[Collection(RunningSite.Collection)]
public sealed class MemoryTests(RunningSite running)
{
    private const string Limit = "150m";

    // In bytes; the API alone takes more than half of it, and fails with an error when it would need more.
    private const int HeapLimit = 24 * 1024 * 1024;
    private const int Movies = 40_000;
    private readonly Site _site = running.Site;

    [RequiresFact(Tool.Docker)]
    public async Task Import_and_export_hold_no_movies_in_memory()
    {
        var container = await _site.ComposeAsync(
            "run", "--detach", "--no-deps", "--publish", "127.0.0.1::8080", "--env", $"DOTNET_GCHeapHardLimit=0x{HeapLimit:X}", "api");
        try
        {
            await Docker.RunAsync("update", "--memory", Limit, "--memory-swap", Limit, container);
            var address = await Docker.RunAsync("port", container, "8080");
            using var api = new HttpClient { BaseAddress = new($"http://{address}/api/v1/"), Timeout = TimeSpan.FromMinutes(15) };
            await Eventually.SucceedsAsync(async () => (await api.GetAsync("/health")).EnsureSuccessStatusCode());
            await BecomeAdminAsync(api);

            using var import = await api.PostAsync("movies/import", new NdjsonContent());
            var export = await api.GetStringAsync("movies/export");

            var report = await import.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal(Movies, report.GetProperty("created").GetInt32());
            Assert.InRange(export.Count(character => character == '\n'), Movies, int.MaxValue);
            Assert.Equal("true false", await Docker.RunAsync("inspect", "--format", "{{.State.Running}} {{.State.OOMKilled}}", container));
        }
        finally
        {
            await Docker.RunAsync("rm", "--force", container);
            await _site.SqlAsync("DELETE FROM movies WHERE title LIKE 'Long Movie %'");
        }
    }

    private async Task BecomeAdminAsync(HttpClient api)
    {
        var user = new { email = "importer@example.org", password = "a long Passphrase with 7 words" };
        (await api.PostAsJsonAsync("auth/register", user)).EnsureSuccessStatusCode();
        await _site.SqlAsync("""
            INSERT INTO user_roles (user_id, role_id)
            SELECT u.id, r.id FROM users u, roles r WHERE u.email = 'importer@example.org' AND r.name = 'admin'
            """);
        using var login = (await api.PostAsJsonAsync("auth/login", user)).EnsureSuccessStatusCode();
        var token = (await login.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString();
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Movies that are made while they are sent.</summary>
    private sealed class NdjsonContent : HttpContent
    {
        public NdjsonContent() => Headers.ContentType = new("application/x-ndjson");

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            await using var writer = new StreamWriter(stream, new UTF8Encoding(false), bufferSize: 1 << 16, leaveOpen: true);
            for (var i = 1; i <= Movies; i++)
            {
                await writer.WriteAsync(
                    $$"""{"title":"Long Movie {{i}}","releaseDate":"1990-01-01","director":"Director {{i % 9000}}",""" +
                    $$""" "distributor":"Studio {{i % 300}}","budget":{{i}},"genres":["Genre {{i % 20}}"]}""" + "\n");
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
