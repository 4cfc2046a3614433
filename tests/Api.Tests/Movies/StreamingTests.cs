using System.IO.Pipelines;
using System.Text;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;
using MovieAspire.Testing;

namespace MovieAspire.Api.Tests.Movies;

/// <summary>Import and export buffer a few movies at a time; bench/api-memory.sh measures it with a million.</summary>
public sealed class StreamingTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const int MegaByte = 1024 * 1024;

    [Fact]
    public async Task Import_writes_and_releases_what_has_arrived_while_more_is_sent()
    {
        var body = new Pipe();
        var answer = ImportAsync("/api/v1/movies/import", body.Reader);

        await SendAsync(body.Writer, Lines("Streamed", 300));
        await Eventually.HoldsAsync(
            async () => await api.ScalarAsync<long>($"SELECT count(*) FROM movies WHERE title LIKE 'Streamed %'") >= 250, "movies are there before the end");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var blank = new string(' ', 50_000) + "\n";
        for (var sent = 0; sent < 200 * MegaByte; sent += blank.Length)
        {
            await SendAsync(body.Writer, blank);
        }

        // Other tests in this process hold a few of their own.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 100 * MegaByte);
        Assert.False(answer.IsCompleted);
        await body.Writer.CompleteAsync();
        using var response = await answer;
        Assert.Equal(300, (await response.ReadJsonAsync()).GetProperty("created").GetInt32());
    }

    [Fact]
    public async Task Dry_run_tries_what_has_arrived_while_more_is_sent()
    {
        var body = new Pipe();
        var answer = ImportAsync("/api/v1/movies/import?dryRun=true", body.Reader);

        await SendAsync(body.Writer, Lines("Tried", 300));
        await Eventually.HoldsAsync(
            async () => await api.ScalarAsync<bool>(
                $"""
                SELECT EXISTS (SELECT FROM pg_stat_activity
                    WHERE datname = current_database() AND state = 'idle in transaction' AND pid <> pg_backend_pid())
                """),
            "a batch was tried before the end");
        Assert.False(answer.IsCompleted);
        await body.Writer.CompleteAsync();

        using var response = await answer;
        Assert.Equal(300, (await response.ReadJsonAsync()).GetProperty("created").GetInt32());
    }

    [Fact]
    public async Task Export_does_not_buffer_what_the_client_has_not_read()
    {
        // More than the buffers of all connections in between.
        const int Movies = 12_000;
        await api.ExecuteAsync(
            $"""
            INSERT INTO movies (title, release_date, director, distributor)
            SELECT repeat('夜', 190) || n, date '2001-01-01', repeat('夜', 100), repeat('夜', 100) FROM generate_series(1, {Movies}) n
            """);
        using var client = api.CreateClient();

        using var response = await client.GetAsync("/api/v1/movies/export", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.NotNull(await reader.ReadLineAsync());
        await Eventually.HoldsAsync(
            async () => await api.ScalarAsync<long>(
                $"""
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND query LIKE '%.worldwide_gross%' AND wait_event = 'ClientWrite'
                """) == 1,
            "the database waits for the reader");

        var lines = 1;
        while (await reader.ReadLineAsync() is not null)
        {
            lines++;
        }

        Assert.Equal(await api.ScalarAsync<long>($"SELECT count(*) FROM movies"), lines);
    }

    private async Task<HttpResponseMessage> ImportAsync(string path, PipeReader body)
    {
        using var loggedIn = api.CreateClient(await api.AddUserAsync($"importer-{Guid.NewGuid():N}"), Roles.Admin);
        // A client that follows redirects buffers what it sends.
        var admin = api.CreateClient(new() { AllowAutoRedirect = false });
        admin.DefaultRequestHeaders.Authorization = loggedIn.DefaultRequestHeaders.Authorization;
        var content = new StreamContent(body.AsStream());
        content.Headers.ContentType = new("application/x-ndjson");
        return await admin.PostAsync(path, content);
    }

    private static string Lines(string name, int number) =>
        string.Concat(Enumerable.Range(0, number).Select(n => $$"""{"title":"{{name}} {{n}}","releaseDate":"2001-01-01"}""" + "\n"));

    private static async Task SendAsync(PipeWriter body, string text) => await body.WriteAsync(Encoding.UTF8.GetBytes(text));
}
