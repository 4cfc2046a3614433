using System.Net;
using System.Text;
using System.Text.Json;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Tests.Movies;

public sealed class ImportTests(ImportTests.Fixture api) : IClassFixture<ImportTests.Fixture>
{
    private const string Ndjson = "application/x-ndjson";

    [Fact]
    public async Task Import_creates_updates_skips_or_rejects_each_line()
    {
        await ImportAsync("""{"title":"Same","releaseDate":"2001-01-01","genres":["Drama"]}""" + "\n" + """{"title":"Other","releaseDate":"2001-01-01"}""");

        var report = await ImportAsync(
            "\uFEFF" + """{"title":"Fresh","releaseDate":"2001-01-01","genres":["Drama","Import"]}""" + "\r\n"
            + "\n"
            + """{"title":"Same","releaseDate":"2001-01-01","genres":["Drama"]}""" + "\n"
            + """{"title":"Other","releaseDate":"2001-01-01","runtimeMinutes":90}""" + "\n"
            + """{"title":"","releaseDate":"2001-01-01"}""" + "\n"
            + """{"title":"No date"}""" + "\n"
            + """{"title":"Torn","relea""" + "\n"
            + """{"title":"Twice","releaseDate":"2001-01-01","budget":1}""" + "\n"
            + $$"""{"title":"{{new string('x', 70_000)}}","releaseDate":"2001-01-01"}""" + "\n"
            + """{"title":"Twice","releaseDate":"2001-01-01","budget":2}""");

        string[] counts = ["created", "updated", "unchanged", "rejected"];
        Assert.Equal([2, 2, 1, 4], counts.Select(count => report.GetProperty(count).GetInt32()));
        Assert.Equal(
            ["5 title", "6 releaseDate", "7 $", "9 $"],
            report.GetProperty("rejections").EnumerateArray().Select(rejection => $"{rejection.GetProperty("line")} {rejection.GetProperty("field")}"));
        Assert.All(report.GetProperty("rejections").EnumerateArray(), rejection => Assert.NotEqual("", rejection.GetProperty("reason").GetString()));
        Assert.Equal(2, await api.ScalarAsync<long>($"SELECT budget FROM movies WHERE title = 'Twice'"));
        Assert.Equal(90, await api.ScalarAsync<int>($"SELECT runtime_minutes FROM movies WHERE title = 'Other'"));
    }

    [Fact]
    public async Task Import_reads_a_JSON_array_and_reports_where_it_breaks_off()
    {
        var report = await ImportAsync(
            """[{"title":"In array","releaseDate":"2002-01-01"},{"title":5},{"title":"Also","releaseDate":"2002-01-01"},{"ti""",
            "application/json");

        Assert.Equal(2, report.GetProperty("created").GetInt32());
        Assert.Equal(["2", "4"], report.GetProperty("rejections").EnumerateArray().Select(rejection => $"{rejection.GetProperty("line")}"));
    }

    [Theory]
    [InlineData("] x")]
    [InlineData(",{\"ti")]
    [InlineData("")]
    [InlineData("}")]
    [InlineData(",]")]
    public async Task Movies_before_the_fault_of_an_array_are_imported_wherever_its_parts_end(string fault)
    {
        foreach (var size in new[] { 1, 7, 100_000 })
        {
            var movies = Enumerable.Range(1, 3).Select(_ => $$"""{"title":"{{Guid.NewGuid()}}","releaseDate":"2001-01-01"}""");
            using var content = new StreamContent(new PartsStream(Encoding.UTF8.GetBytes($"[{string.Join(" ,\n", movies)}{fault}"), size));
            content.Headers.ContentType = new("application/json");

            using var response = await api.Admin.PostAsync("/api/v1/movies/import", content);

            var report = await response.ReadJsonAsync();
            Assert.Equal(3, report.GetProperty("created").GetInt32());
            Assert.Equal(4, Assert.Single(report.GetProperty("rejections").EnumerateArray()).GetProperty("line").GetInt32());
        }
    }

    [Theory]
    [InlineData("""{"title":"Single","releaseDate":"2001-01-01"}""")]
    [InlineData("\"text\"")]
    [InlineData("x")]
    [InlineData(" ")]
    public async Task JSON_that_is_no_array_is_400(string body)
    {
        using var response = await api.Admin.SendAsync("POST", "/api/v1/movies/import", body, "application/json");

        Assert.Equal(["$"], (await response.ReadProblemAsync(HttpStatusCode.BadRequest, "malformed_body")).Blamed());
    }

    [Fact]
    public async Task Movie_of_an_array_that_is_too_long_ends_the_import()
    {
        var report = await ImportAsync(
            "\uFEFF" + $$"""
            [{"title":"Short enough","releaseDate":"2001-01-01"},{"title":"{{new string('x', 70_000)}}","releaseDate":"2001-01-01"},
             {"title":"Not read","releaseDate":"2001-01-01"}]
            """,
            "application/json");

        Assert.Equal(1, report.GetProperty("created").GetInt32());
        Assert.Equal(["2", "3"], report.GetProperty("rejections").EnumerateArray().Select(rejection => $"{rejection.GetProperty("line")}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n \n")]
    [InlineData("[]")]
    public async Task Import_of_nothing_reports_nothing(string body)
    {
        var report = await ImportAsync(body, body == "[]" ? "application/json" : Ndjson);

        Assert.Equal(0, report.GetProperty("created").GetInt32() + report.GetProperty("rejected").GetInt32());
    }

    [Fact]
    public async Task Import_of_the_export_changes_nothing()
    {
        await ImportAsync("""{"title":"Round \"trip\" ✓","releaseDate":"2003-01-01","imdbRating":7.5,"mpaaRating":"PG-13","genres":["Import"]}""");
        var export = await api.Admin.GetStringAsync("/api/v1/movies/export");

        var report = await ImportAsync(export);

        var lines = export.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
        Assert.Equal(lines, report.GetProperty("unchanged").GetInt32());
        Assert.Equal(await api.ScalarAsync<long>($"SELECT count(*) FROM movies"), lines);
    }

    [Fact]
    public async Task Concurrent_imports_of_the_same_movies_succeed()
    {
        var movies = string.Join('\n', Enumerable.Range(0, 1500).Select(
            i => $$"""{"title":"Crowd {{i}}","releaseDate":"2004-01-01","genres":["Crowd {{i % 7}}"]}"""));
        var reversed = string.Join('\n', movies.Split('\n').Reverse());

        var reports = await Task.WhenAll(ImportAsync(movies), ImportAsync(reversed), ImportAsync(movies), ImportAsync(reversed));

        Assert.Equal(1500, reports.Sum(report => report.GetProperty("created").GetInt32()));
        Assert.All(reports, report => Assert.Equal(0, report.GetProperty("rejected").GetInt32()));
    }

    [Fact]
    public async Task Import_that_breaks_off_leaves_whole_batches_and_can_be_repeated()
    {
        var lines = Enumerable.Range(0, 2500).Select(i => $$"""{"title":"Broken {{i}}","releaseDate":"2005-01-01"}""" + "\n").ToList();
        using var broken = new StreamContent(new BreakingStream(Encoding.UTF8.GetBytes(string.Concat(lines.Take(2200)))));
        broken.Headers.ContentType = new(Ndjson);
        await Assert.ThrowsAnyAsync<Exception>(() => api.Admin.PostAsync("/api/v1/movies/import", broken));

        var left = await api.ScalarAsync<long>($"SELECT count(*) FROM movies WHERE title LIKE 'Broken %'");
        Assert.Equal(0, left % 250);
        var report = await ImportAsync(string.Concat(lines));
        Assert.Equal(2500, report.GetProperty("created").GetInt32() + report.GetProperty("unchanged").GetInt32());
    }

    [Fact]
    public async Task Import_of_another_content_type_is_415()
    {
        using var response = await api.Admin.SendAsync("POST", "/api/v1/movies/import", "title;date", "text/csv");

        await response.ReadProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    private async Task<JsonElement> ImportAsync(string body, string type = Ndjson)
    {
        using var response = await api.Admin.SendAsync("POST", "/api/v1/movies/import", body, type);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.ReadJsonAsync();
    }

    public sealed class Fixture : ApiFixture
    {
        public HttpClient Admin { get; private set; } = null!;

        protected override async Task SeedAsync() => Admin = this.CreateClient(await this.AddUserAsync("admin"), Roles.Admin);
    }

    /// <summary>Gives some bytes at a time.</summary>
    private sealed class PartsStream(byte[] content, int size) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }

    private sealed class BreakingStream(byte[] content) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new IOException("The line went dead.");
    }
}
