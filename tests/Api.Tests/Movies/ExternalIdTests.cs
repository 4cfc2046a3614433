using System.Net;
using System.Text.Json;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Tests.Movies;

/// <summary>The ids of IMDb and TMDB, of which one movie at most has each.</summary>
public sealed class ExternalIdTests(ExternalIdTests.Fixture api) : IClassFixture<ExternalIdTests.Fixture>
{
    [Fact]
    public async Task Ids_are_written_shown_found_and_removed()
    {
        using var created = await PostAsync("Written", "\"imdbId\":\"tt0133093\",\"tmdbId\":603");
        var path = created.Headers.Location!.ToString();

        Assert.Equal("tt0133093 603", Ids(await created.ReadJsonAsync()));
        Assert.Equal(["Written"], (await api.Admin.GetJsonAsync("/api/v1/movies?imdbId=tt0133093")).Items("title"));
        Assert.Equal(["Written"], (await api.Admin.GetJsonAsync("/api/v1/movies?tmdbId=603&includeTotal=true")).Items("title"));
        Assert.Empty((await api.Admin.GetJsonAsync("/api/v1/movies?imdbId=tt0133093&tmdbId=604")).Items("title"));
        Assert.Contains(
            "\"imdbId\":\"tt0133093\",\"tmdbId\":603", await api.Admin.GetStringAsync("/api/v1/movies/export"), StringComparison.Ordinal);

        using var patched = await api.Admin.PatchAsync(path, """{"imdbId":"tt1234567890","tmdbId":null}""", created.Headers.ETag!.Tag);
        Assert.Equal("tt1234567890 ", Ids(await patched.ReadJsonAsync()));
        using var put = await api.Admin.SendAsync("PUT", path, """{"title":"Written","releaseDate":"2001-02-03"}""", ifMatch: "*");
        Assert.Equal(" ", Ids(await put.ReadJsonAsync()));
    }

    [Theory]
    [InlineData("\"imdbId\":\"tt7000001\"", "imdb_id_exists")]
    [InlineData("\"tmdbId\":7000001", "tmdb_id_exists")]
    public async Task Id_of_another_movie_is_409_that_names_it_also_in_a_race(string id, string code)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => PostAsync($"Race for {code} {n}", id)));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        foreach (var answer in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
        {
            await answer.ReadProblemAsync(HttpStatusCode.Conflict, code);
        }

        var other = $"/api/v1/movies/{await api.AddMovieAsync($"Other {code}")}";
        using var patched = await api.Admin.PatchAsync(other, $"{{{id}}}", "*");
        await patched.ReadProblemAsync(HttpStatusCode.Conflict, code);
        using var put = await api.Admin.SendAsync("PUT", other, $$"""{"title":"x","releaseDate":"2001-02-03",{{id}}}""", ifMatch: "*");
        await put.ReadProblemAsync(HttpStatusCode.Conflict, code);
        Assert.Equal(1, await api.ScalarAsync<long>($"SELECT count(*) FROM movies WHERE title LIKE {$"Race for {code} %"}"));
    }

    [Fact]
    public async Task Import_rejects_only_the_lines_that_have_another_movies_id()
    {
        (await PostAsync("Holder", "\"imdbId\":\"tt8000000\",\"tmdbId\":8000000")).Dispose();
        var lines = Enumerable.Range(1, 600).Select(n => n switch
        {
            3 => Line(n, "\"imdbId\":\"tt8000000\""),
            4 => """{"title":"","releaseDate":"2001-01-01"}""",
            277 => Line(n, "\"tmdbId\":8000000"),
            // An id that a line before has.
            599 => Line(n, "\"imdbId\":\"tt8000598\""),
            _ => Line(n, $"\"imdbId\":\"tt{8_000_000 + n}\",\"tmdbId\":{8_000_000 + n}"),
        });

        var report = await ImportAsync(string.Join('\n', lines));

        Assert.Equal(
            ["3 imdbId", "4 title", "277 tmdbId", "599 imdbId"],
            report.GetProperty("rejections").EnumerateArray().Select(rejection => $"{rejection.GetProperty("line")} {rejection.GetProperty("field")}"));
        Assert.Equal(596, report.GetProperty("created").GetInt32());
        Assert.Equal(596, await api.ScalarAsync<long>($"SELECT count(*) FROM movies WHERE title LIKE 'Imported %'"));
    }

    [Fact]
    public async Task Import_moves_an_id_from_one_movie_to_another_in_the_order_of_the_lines()
    {
        (await PostAsync("Zed", "\"tmdbId\":9000000")).Dispose();

        var report = await ImportAsync(
            """
            {"title":"Zed","releaseDate":"2001-02-03"}
            {"title":"Alpha","releaseDate":"2001-02-03","tmdbId":9000000}
            """);

        Assert.Equal(0, report.GetProperty("rejected").GetInt32());
        Assert.Equal(["Alpha"], (await api.Admin.GetJsonAsync("/api/v1/movies?tmdbId=9000000")).Items("title"));
    }

    [Fact]
    public async Task Imports_at_once_give_each_id_to_one_movie()
    {
        var reports = await Task.WhenAll(Enumerable.Range(0, 4).Select(import => ImportAsync(string.Join('\n', Enumerable.Range(0, 300).Select(
            n => $$"""{"title":"Import {{import}} of {{n * 7 % 300}}","releaseDate":"2001-01-01","tmdbId":{{6_000_000 + n}}}""")))));

        Assert.Equal(300, reports.Sum(report => report.GetProperty("created").GetInt32()));
        Assert.Equal(900, reports.Sum(report => report.GetProperty("rejected").GetInt32()));
        Assert.Equal(300, await api.ScalarAsync<long>($"SELECT count(*) FROM movies WHERE tmdb_id BETWEEN 6000000 AND 6000299"));
    }

    [Theory]
    [InlineData("\"imdbId\":\"\"", "imdbId")]
    [InlineData("\"imdbId\":\"0133093\"", "imdbId")]
    [InlineData("\"imdbId\":\"tt013309\"", "imdbId")]
    [InlineData("\"imdbId\":\"tt12345678901\"", "imdbId")]
    [InlineData("\"imdbId\":\"TT0133093\"", "imdbId")]
    [InlineData("\"imdbId\":\"tt0133093\\n\"", "imdbId")]
    [InlineData("\"imdbId\":\"tt\u0661\u0661\u0661\u0661\u0661\u0661\u0661\"", "imdbId")]
    [InlineData("\"imdbId\":133093", "imdbId")]
    [InlineData("\"tmdbId\":0", "tmdbId")]
    [InlineData("\"tmdbId\":2147483648", "tmdbId")]
    [InlineData("\"tmdbId\":\"603\"", "tmdbId")]
    public async Task Id_of_another_form_is_400_that_names_the_field(string id, string field)
    {
        using var posted = await PostAsync("Malformed", id);
        var report = await ImportAsync($$"""{"title":"Malformed","releaseDate":"2001-01-01",{{id}}}""");

        Assert.Equal(HttpStatusCode.BadRequest, posted.StatusCode);
        Assert.Equal([field], (await posted.ReadJsonAsync()).Blamed());
        Assert.Equal(field, Assert.Single(report.GetProperty("rejections").EnumerateArray()).GetProperty("field").GetString());
    }

    [Theory]
    [InlineData("imdbId=", "imdbId")]
    [InlineData("imdbId=603", "imdbId")]
    [InlineData("tmdbId=0", "tmdbId")]
    [InlineData("tmdbId=tt0133093", "tmdbId")]
    [InlineData("tmdbId=603&tmdbId=604", "tmdbId")]
    public async Task Filter_by_an_id_of_another_form_is_400(string query, string parameter)
    {
        using var response = await api.Admin.GetAsync($"/api/v1/movies?{query}");

        Assert.Equal([parameter], (await response.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
    }

    private static string Ids(JsonElement movie) => $"{movie.GetProperty("imdbId")} {movie.GetProperty("tmdbId")}";

    private static string Line(int number, string ids) => $$"""{"title":"Imported {{number}}","releaseDate":"2001-01-01",{{ids}}}""";

    private Task<HttpResponseMessage> PostAsync(string title, string ids) =>
        api.Admin.SendAsync("POST", "/api/v1/movies", $$"""{"title":"{{title}}","releaseDate":"2001-02-03",{{ids}}}""");

    private async Task<JsonElement> ImportAsync(string lines)
    {
        using var response = await api.Admin.SendAsync("POST", "/api/v1/movies/import", lines, "application/x-ndjson");
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await response.ReadJsonAsync();
    }

    public sealed class Fixture : ApiFixture
    {
        public HttpClient Admin { get; private set; } = null!;

        protected override async Task SeedAsync() => Admin = this.CreateClient(await this.AddUserAsync("admin"), Roles.Admin);
    }
}
