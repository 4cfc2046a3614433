using System.Net;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Tests.Movies;

public sealed class MovieWritingTests(MovieWritingTests.Fixture api) : IClassFixture<MovieWritingTests.Fixture>
{
    private const string Whole =
        """
        {"title":"Heat","releaseDate":"1995-12-15","runtimeMinutes":170,"mpaaRating":"R","director":"Michael Mann","distributor":"Warner Bros.",
         "budget":60000000,"domesticGross":67436818,"worldwideGross":187436818,"imdbRating":8.3,"imdbVotes":700000,"genres":["Drama","Crime"]}
        """;

    [Fact]
    public async Task Movie_is_created_with_all_its_details()
    {
        using var created = await api.Admin.SendAsync("POST", "/api/v1/movies", Whole);

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var movie = await api.Admin.GetJsonAsync(created.Headers.Location!.ToString());
        Assert.Equal((await created.ReadJsonAsync()).GetRawText(), movie.GetRawText());
        Assert.Equal("Michael Mann", movie.GetProperty("director").GetString());
        Assert.Equal(187_436_818, movie.GetProperty("worldwideGross").GetInt64());
        Assert.Equal("""["Crime","Drama"]""", movie.GetProperty("genres").GetRawText());
        Assert.NotNull(created.Headers.ETag);
    }

    [Fact]
    public async Task Genres_of_a_movie_are_in_the_order_of_the_list_of_genres()
    {
        string[] names =
        [
            "zeal", "Éclair", "eclipse", "Eclat", "Sci-Fi", "Science", "sci fi", "SciFi", "10s", "9s", "_odd", "Øre", "ostern", "Ænima", "ادب", "文学", "Жанр",
            "straße", "Strasbourg", "(Bracket)", "'quote",
        ];
        var movie = await api.AddMovieAsync("Of all genres", null, names);

        var genres = (await api.Admin.GetJsonAsync($"/api/v1/movies/{movie}")).GetProperty("genres").EnumerateArray().Select(name => name.GetString());

        Assert.Equal((await api.Admin.GetJsonAsync("/api/v1/genres")).Items("name").Where(names.Contains), genres);
    }

    [Fact]
    public async Task Movie_with_an_existing_title_and_date_is_409_also_in_a_race()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => api.Admin.PostMovieAsync("Race")));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        await answers.First(answer => answer.StatusCode != HttpStatusCode.Created).ReadProblemAsync(HttpStatusCode.Conflict, "movie_exists");
    }

    [Fact]
    public async Task Put_replaces_all_details()
    {
        var path = $"/api/v1/movies/{await api.AddMovieAsync("Old", null, "Drama")}";

        using var changed = await api.Admin.SendAsync("PUT", path, """{"title":"New","releaseDate":"2002-02-02","genres":["comedy"]}""", ifMatch: "*");

        var movie = await changed.ReadJsonAsync();
        Assert.Equal("New", movie.GetProperty("title").GetString());
        Assert.Equal("""["comedy"]""", movie.GetProperty("genres").GetRawText());
        Assert.Equal(movie.GetRawText(), (await api.Admin.GetJsonAsync(path)).GetRawText());
    }

    [Fact]
    public async Task Same_facts_again_are_no_new_version()
    {
        using var created = await api.Admin.SendAsync("POST", "/api/v1/movies", Whole.Replace("Heat", "Said twice", StringComparison.Ordinal));
        var path = created.Headers.Location!.ToString();
        var before = (await created.ReadJsonAsync()).GetRawText();
        var same = Whole.Replace("Heat", " Said twice ", StringComparison.Ordinal).Replace("8.3", "8.30", StringComparison.Ordinal);

        using var put = await api.Admin.SendAsync("PUT", path, same, ifMatch: created.Headers.ETag!.Tag);
        using var patched = await api.Admin.PatchAsync(path, "{}", created.Headers.ETag!.Tag);
        using var changed = await api.Admin.PatchAsync(path, """{"genres":["Drama"]}""", created.Headers.ETag!.Tag);

        Assert.Equal(before, (await put.ReadJsonAsync()).GetRawText());
        Assert.Equal(before, (await patched.ReadJsonAsync()).GetRawText());
        Assert.Equal(created.Headers.ETag, patched.Headers.ETag);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(created.Headers.ETag, changed.Headers.ETag);
    }

    [Fact]
    public async Task Patches_of_any_version_at_once_all_succeed_and_none_is_lost()
    {
        var path = $"/api/v1/movies/{await api.AddMovieAsync("Patched by all")}";
        string[] patches =
        [
            """{"runtimeMinutes":90}""", """{"director":"Ann"}""", """{"distributor":"A24"}""", """{"budget":1}""",
            """{"domesticGross":2}""", """{"worldwideGross":3}""", """{"imdbVotes":4}""", """{"genres":["Noir"]}""",
        ];

        var answers = await Task.WhenAll(patches.Select(patch => api.Admin.PatchAsync(path, patch, "*")));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        var movie = await api.Admin.GetJsonAsync(path);
        Assert.Equal(
            """90 Ann A24 1 2 3 4 ["Noir"]""",
            string.Join(' ', patches.Select(patch => movie.GetProperty(patch.Split('"')[1]).ToString())));
    }

    [Fact]
    public async Task What_looks_the_same_is_the_same_movie()
    {
        using var composed = await api.Admin.PostMovieAsync("Am\u00e9lie");
        Assert.Equal(HttpStatusCode.Created, composed.StatusCode);
        foreach (var same in new[] { " Ame\u0301lie\t", "Am\u200d\u00e9lie", "Am\u00e9lie\u00a0\ufe0f" })
        {
            using var response = await api.Admin.PostMovieAsync(same);
            await response.ReadProblemAsync(HttpStatusCode.Conflict, "movie_exists");
        }

        var other = $"/api/v1/movies/{await api.AddMovieAsync("Nearly Am\u00e9lie", new(2001, 2, 3))}";
        using var patched = await api.Admin.PatchAsync(other, """{"title":" Am\u00e9lie "}""", "*");
        await patched.ReadProblemAsync(HttpStatusCode.Conflict, "movie_exists");
        using var imported = await api.Admin.SendAsync(
            "POST", "/api/v1/movies/import", """[{"title":" Am\u00e9lie ","releaseDate":"2001-02-03"}]""");
        Assert.Equal(1, (await imported.ReadJsonAsync()).GetProperty("unchanged").GetInt32());
    }

    [Theory]
    [InlineData("in\u200bvisible")]
    [InlineData("two\nlines")]
    [InlineData("turned\u202earound")]
    [InlineData("\u3164")]
    [InlineData("\u2800\u200d")]
    [InlineData("\u115f\u1160")]
    [InlineData("re\ufff1served")]
    public async Task Title_with_what_nobody_can_see_is_400(string title)
    {
        using var response = await api.Admin.PostMovieAsync(title);

        Assert.Equal(["title"], (await response.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
    }

    [Theory]
    [InlineData("""{"title":" ","director":""}""", "validation_failed", "director", "releaseDate", "title")]
    [InlineData("""{"title":"","budget":"x","releaseDate":5,"genres":["a",null,1],"extra":1}""", "malformed_body",
        "budget", "extra", "genres[2]", "releaseDate", "title")]
    [InlineData("""{"title":null,"releaseDate":"1800-01-01"}""", "malformed_body", "releaseDate", "title")]
    public async Task What_cannot_be_read_is_named_together_with_what_is_out_of_range(string body, string code, params string[] fields)
    {
        using var posted = await api.Admin.SendAsync("POST", "/api/v1/movies", body);

        Assert.Equal(fields, (await posted.ReadProblemAsync(HttpStatusCode.BadRequest, code)).Blamed().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Merge_patch_names_all_that_is_wrong_at_once()
    {
        var path = $"/api/v1/movies/{await api.AddMovieAsync($"Patched {Guid.NewGuid()}")}";

        using var patched = await api.Admin.PatchAsync(path, """{"title":null,"budget":-1,"imdbVotes":"x","extra":1}""", "*");

        var problem = await patched.ReadProblemAsync(HttpStatusCode.BadRequest, "malformed_body");
        Assert.Equal(["budget", "extra", "imdbVotes", "title"], problem.Blamed().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task If_None_Match_keeps_what_is_there_from_being_written(string method)
    {
        var path = $"/api/v1/movies/{await api.AddMovieAsync($"Kept {Guid.NewGuid()}")}";
        using var read = await api.Admin.GetAsync(path);
        foreach (var condition in new[] { "*", read.Headers.ETag!.ToString() })
        {
            using var request = new HttpRequestMessage(new(method), path);
            request.Headers.TryAddWithoutValidation("If-None-Match", condition);
            request.Headers.TryAddWithoutValidation("If-Match", "*");
            request.Content = method == "DELETE" ? null : new StringContent(
                """{"title":"Written","releaseDate":"2000-01-01"}""", null, method == "PUT" ? "application/json" : "application/merge-patch+json");

            using var response = await api.Admin.SendAsync(request);

            await response.ReadProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
        }
    }

    [Fact]
    public async Task All_that_is_wrong_is_named_at_once()
    {
        const string Wrong = """
            {"title":"","releaseDate":"1800-01-01","runtimeMinutes":0,"mpaaRating":"x","budget":-1,"imdbRating":8.25,"genres":["a","A"]}
            """;
        string[] fields = ["budget", "genres", "imdbRating", "mpaaRating", "releaseDate", "runtimeMinutes", "title"];
        var path = $"/api/v1/movies/{await api.AddMovieAsync("Right")}";

        using var posted = await api.Admin.SendAsync("POST", "/api/v1/movies", Wrong);
        using var patched = await api.Admin.PatchAsync(path, Wrong, "*");
        using var empty = await api.Admin.SendAsync("POST", "/api/v1/movies", "{}");

        Assert.Equal(fields, (await posted.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed().Order());
        Assert.Equal(fields, (await patched.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed().Order());
        Assert.Equal(
            ["releaseDate", "title"], (await empty.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed().Order());
    }

    [Fact]
    public async Task Null_is_the_default_and_a_whole_number_may_have_decimals()
    {
        using var created = await api.Admin.SendAsync(
            "POST", "/api/v1/movies", """{"title":"Lenient","releaseDate":"2001-02-03","genres":null,"runtimeMinutes":90.0,"budget":1e3}""");

        var movie = await created.ReadJsonAsync();
        Assert.Equal("[] 90 1000", $"{movie.GetProperty("genres")} {movie.GetProperty("runtimeMinutes")} {movie.GetProperty("budget")}");
        using var half = await api.Admin.SendAsync("POST", "/api/v1/movies", """{"title":"Half","releaseDate":"2001-02-03","runtimeMinutes":90.5}""");
        Assert.Equal(["runtimeMinutes"], (await half.ReadJsonAsync()).Blamed());
    }

    [Fact]
    public async Task Patch_changes_what_it_names_and_removes_what_it_nulls()
    {
        using var created = await api.Admin.SendAsync("POST", "/api/v1/movies", Whole.Replace("Heat", "Patched", StringComparison.Ordinal));
        var path = created.Headers.Location!.ToString();

        using var patched = await api.Admin.PatchAsync(path, """{"title":"Patched again","director":null,"genres":["Noir"]}""", created.Headers.ETag!.Tag);

        var movie = await patched.ReadJsonAsync();
        Assert.Equal("Patched again", movie.GetProperty("title").GetString());
        Assert.Equal("null", movie.GetProperty("director").GetRawText());
        Assert.Equal("Warner Bros.", movie.GetProperty("distributor").GetString());
        Assert.Equal("""["Noir"]""", movie.GetProperty("genres").GetRawText());
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    public async Task Update_without_If_Match_is_428(string method)
    {
        var path = $"/api/v1/movies/{await api.AddMovieAsync($"Unnamed {method}")}";
        using var response = await api.Admin.SendAsync(method, path, Whole, method == "PUT" ? "application/json" : "application/merge-patch+json");

        await response.ReadProblemAsync(HttpStatusCode.PreconditionRequired, "precondition_required");
    }

    [Fact]
    public async Task Update_after_a_rating_is_200_and_after_another_edit_is_412()
    {
        var id = await api.AddMovieAsync("Contested");
        var path = $"/api/v1/movies/{id}";
        using var read = await api.Admin.GetAsync(path);
        var tag = read.Headers.ETag!.Tag;
        await api.RateAsync(id, 9);

        using var first = await api.Admin.PatchAsync(path, """{"runtimeMinutes":100}""", tag);
        using var second = await api.Admin.PatchAsync(path, """{"runtimeMinutes":101}""", tag);
        using var deletion = await api.Admin.SendAsync("DELETE", path, ifMatch: tag);
        using var fresh = await api.Admin.SendAsync("DELETE", path, ifMatch: first.Headers.ETag!.Tag);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await second.ReadProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
        await deletion.ReadProblemAsync(HttpStatusCode.PreconditionFailed, "precondition_failed");
        Assert.Equal(HttpStatusCode.NoContent, fresh.StatusCode);
    }

    [Theory]
    [InlineData("\"x\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("W/\"1.abc\"", HttpStatusCode.OK)]
    [InlineData("\"99999999999999999999.abc\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("nonsense", HttpStatusCode.BadRequest)]
    [InlineData("\"x\", \"1.y\"", HttpStatusCode.OK)]
    public async Task If_Match_is_compared_by_version(string ifMatch, HttpStatusCode expected)
    {
        var path = $"/api/v1/movies/{await api.AddMovieAsync($"Movie {Guid.NewGuid()}")}";

        using var response = await api.Admin.PatchAsync(path, "{}", ifMatch);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Update_to_the_title_and_date_of_another_movie_is_409()
    {
        await api.AddMovieAsync("Taken", new(1999, 9, 9));
        var path = $"/api/v1/movies/{await api.AddMovieAsync("Free", new(1999, 9, 9))}";

        using var response = await api.Admin.PatchAsync(path, """{"title":"Taken"}""", "*");

        await response.ReadProblemAsync(HttpStatusCode.Conflict, "movie_exists");
    }

    [Theory]
    [InlineData("""{"releaseDate":"2000-01-01"}""", "title")]
    [InlineData("""{"title":"A","releaseDate":"1887-12-31"}""", "releaseDate")]
    [InlineData("""{"title":"A","releaseDate":"2101-01-01"}""", "releaseDate")]
    [InlineData("""{"title":"A","releaseDate":"2000-1-1"}""", "releaseDate")]
    [InlineData("""{"title":"A","releaseDate":"2000-01-01","runtimeMinutes":0}""", "runtimeMinutes")]
    [InlineData("""{"title":"A","releaseDate":"2000-01-01","runtimeMinutes":1e4}""", "runtimeMinutes")]
    [InlineData("""{"title":"A","releaseDate":"2000-01-01","mpaaRating":"X"}""", "mpaaRating")]
    [InlineData("""{"title":"A","releaseDate":"2000-01-01","budget":-1}""", "budget")]
    [InlineData("""{"title":"A","releaseDate":"2000-01-01","budget":9223372036854775808}""", "budget")]
    [InlineData("""{"title":"A","releaseDate":"2000-01-01","imdbRating":8.25}""", "imdbRating")]
    [InlineData("""{"title":"A","releaseDate":"2000-01-01","imdbRating":1e400}""", "imdbRating")]
    [InlineData("""{"title":"A","releaseDate":"2000-01-01","genres":["Drama","DRAMA"]}""", "genres")]
    [InlineData("""{"title":"A","releaseDate":"2000-01-01","genres":["  "]}""", "genres")]
    [InlineData("""{"title":"A","releaseDate":"2000-01-01","genres":[null]}""", "genres")]
    [InlineData("""{"title":"A","releaseDate":"2000-01-01","genres":"Drama"}""", "genres")]
    [InlineData("""{"title":"A","releaseDate":"2000-01-01","id":7}""", "id")]
    public async Task Invalid_movie_is_400_that_names_the_field(string body, string blamed)
    {
        using var posted = await api.Admin.SendAsync("POST", "/api/v1/movies", body);

        Assert.Equal(HttpStatusCode.BadRequest, posted.StatusCode);
        Assert.Equal([blamed], (await posted.ReadJsonAsync()).Blamed().Select(field => field.Split('[')[0]));
    }

    [Fact]
    public async Task Deletion_of_a_movie_deletes_its_ratings_reviews_and_favorites()
    {
        var id = await api.AddMovieAsync("Doomed", null, "Drama");
        await api.RateAsync(id, 1, 2, 3);

        using var deleted = await api.Admin.DeleteAsync($"/api/v1/movies/{id}");
        using var again = await api.Admin.DeleteAsync($"/api/v1/movies/{id}");

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        Assert.Equal(0, await api.ScalarAsync<long>($"SELECT count(*) FROM ratings WHERE movie_id = {id}"));
    }

    public sealed class Fixture : ApiFixture
    {
        public HttpClient Admin { get; private set; } = null!;

        protected override async Task SeedAsync() => Admin = this.CreateClient(await this.AddUserAsync("admin"), Roles.Admin);
    }
}
