using System.Net;
using System.Text.Json;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Tests.Genres;

/// <summary>What admins do with genres. Each test has genres of its own.</summary>
public sealed class GenreAdministrationTests(GenreAdministrationTests.Fixture api) : IClassFixture<GenreAdministrationTests.Fixture>
{
    private readonly string _name = $"{Guid.NewGuid()}"[..8];

    [Fact]
    public async Task Renamed_genre_has_its_new_name_everywhere_and_its_movies_a_new_version()
    {
        var (movie, other) = (await AddMovieAsync("Renamed"), await AddMovieAsync("Other"));
        var genre = await IdAsync("Renamed");
        var (tag, otherTag, since) = (await TagAsync(movie), await TagAsync(other), await SinceAsync());

        using var renamed = await api.Admin.SendAsync("PUT", $"/api/v1/genres/{genre}", $$"""{"name":" {{_name}} New "}""");

        Assert.Equal($$"""{"id":{{genre}},"name":"{{_name}} New","movieCount":1}""", (await renamed.ReadJsonAsync()).GetRawText());
        Assert.Equal($"[\"{_name} New\"]", (await MovieAsync(movie)).GetProperty("genres").GetRawText());
        Assert.NotEqual(tag.Split('.')[0], (await TagAsync(movie)).Split('.')[0]);
        Assert.Equal(otherTag, await TagAsync(other));
        Assert.Equal([$"{movie}"], (await api.Admin.GetJsonAsync($"/api/v1/movies/changes?since={since}")).Items("id"));
        Assert.Equal(
            [$"genre.renamed {api.AdminId} {{\"name\": \"{_name} Renamed\"}} {{\"name\": \"{_name} New\"}}"], await AuditAsync(genre));
    }

    [Fact]
    public async Task Same_name_again_changes_nothing_and_another_case_is_another_name()
    {
        var movie = await AddMovieAsync("Same");
        var genre = await IdAsync("Same");
        var tag = await TagAsync(movie);

        using var same = await api.Admin.SendAsync("PUT", $"/api/v1/genres/{genre}", $$"""{"name":"{{_name}} Same"}""");
        Assert.Equal(HttpStatusCode.OK, same.StatusCode);
        Assert.Equal(tag, await TagAsync(movie));
        Assert.Empty(await AuditAsync(genre));

        using var upper = await api.Admin.SendAsync("PUT", $"/api/v1/genres/{genre}", $$"""{"name":"{{_name}} SAME"}""");
        Assert.Equal($"{_name} SAME", (await upper.ReadJsonAsync()).GetProperty("name").GetString());
        Assert.NotEqual(tag, await TagAsync(movie));
    }

    [Fact]
    public async Task Created_genre_has_no_movies_and_its_name_once()
    {
        var body = $$"""{"name":" {{_name}}  Heist "}""";

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => api.Admin.SendAsync("POST", "/api/v1/genres", body)));

        var created = Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        var genre = await IdAsync("Heist");
        Assert.Equal($$"""{"id":{{genre}},"name":"{{_name}} Heist","movieCount":0}""", (await created.ReadJsonAsync()).GetRawText());
        Assert.Equal((await created.ReadJsonAsync()).GetRawText(), (await api.Admin.GetJsonAsync($"{created.Headers.Location}")).GetRawText());
        foreach (var refused in answers.Where(answer => answer != created))
        {
            await refused.ReadProblemAsync(HttpStatusCode.Conflict, "genre_exists");
        }

        using var otherCase = await api.Admin.SendAsync("POST", "/api/v1/genres", body.ToUpperInvariant().Replace("NAME", "name", StringComparison.Ordinal));
        await otherCase.ReadProblemAsync(HttpStatusCode.Conflict, "genre_exists");
        using var nameless = await api.Admin.SendAsync("POST", "/api/v1/genres", """{"name":"\u115f"}""");
        Assert.Equal(["name"], (await nameless.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
        Assert.Equal([$"genre.created {api.AdminId} {{\"name\": \"{_name} Heist\"}}"], await AuditAsync(genre));
    }

    [Fact]
    public async Task Name_of_another_genre_is_409_that_tells_how_to_merge()
    {
        await AddMovieAsync("First", "Second");
        var (first, second) = (await IdAsync("First"), await IdAsync("Second"));

        using var renamed = await api.Admin.SendAsync("PUT", $"/api/v1/genres/{first}", $$"""{"name":"{{_name}} SECOND"}""");

        var problem = await renamed.ReadProblemAsync(HttpStatusCode.Conflict, "genre_exists");
        Assert.Contains($"/genres/{first}/merge with {{\"into\":{second}}}", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("two\\nlines")]
    [InlineData("\\u202e")]
    [InlineData("123456789 123456789 123456789 123456789 123456789 1")]
    public async Task Name_that_no_movie_could_give_is_400(string name)
    {
        await AddMovieAsync("Named");

        using var renamed = await api.Admin.SendAsync("PUT", $"/api/v1/genres/{await IdAsync("Named")}", $$"""{"name":"{{name}}"}""");

        Assert.Equal(["name"], (await renamed.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
    }

    [Fact]
    public async Task Movies_of_a_merged_genre_have_the_other_one_once()
    {
        var (typo, both, right) = (await AddMovieAsync("Darma"), await AddMovieAsync("Darma", "Drama"), await AddMovieAsync("Drama"));
        var (from, into) = (await IdAsync("Darma"), await IdAsync("Drama"));
        var (typoTag, bothTag, rightTag) = (await TagAsync(typo), await TagAsync(both), await TagAsync(right));
        var key = $"{Guid.NewGuid()}";

        using var merged = await api.Admin.SendAsync("POST", $"/api/v1/genres/{from}/merge", $$"""{"into":{{into}}}""", key: key);
        using var replayed = await api.Admin.SendAsync("POST", $"/api/v1/genres/{from}/merge", $$"""{"into":{{into}}}""", key: key);
        using var again = await api.Admin.SendAsync("POST", $"/api/v1/genres/{from}/merge", $$"""{"into":{{into}}}""");

        Assert.Equal($$"""{"id":{{into}},"name":"{{_name}} Drama","movieCount":3}""", (await merged.ReadJsonAsync()).GetRawText());
        Assert.Equal((await merged.ReadJsonAsync()).GetRawText(), (await replayed.ReadJsonAsync()).GetRawText());
        await again.ReadProblemAsync(HttpStatusCode.NotFound, "not_found");
        foreach (var movie in new[] { typo, both, right })
        {
            Assert.Equal($"[\"{_name} Drama\"]", (await MovieAsync(movie)).GetProperty("genres").GetRawText());
        }

        Assert.NotEqual(typoTag, await TagAsync(typo));
        Assert.NotEqual(bothTag, await TagAsync(both));
        Assert.Equal(rightTag, await TagAsync(right));
        Assert.Equal(
            [$"genre.merged {api.AdminId} {{\"name\": \"{_name} Darma\", \"movieCount\": 2}} "
                + $"{{\"into\": {into}, \"name\": \"{_name} Drama\", \"movieCount\": 3}}"],
            await AuditAsync(from));
    }

    [Fact]
    public async Task Merge_into_itself_or_into_nothing_is_400_that_names_into()
    {
        await AddMovieAsync("Alone");
        var genre = await IdAsync("Alone");
        foreach (var into in new[] { genre, 0, -1, long.MaxValue })
        {
            using var merged = await api.Admin.SendAsync("POST", $"/api/v1/genres/{genre}/merge", $$"""{"into":{{into}}}""");
            Assert.Equal(["into"], (await merged.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
        }
    }

    [Fact]
    public async Task Genre_of_movies_is_deleted_only_on_demand_and_the_movies_stay()
    {
        var movie = await AddMovieAsync("Doomed");
        var genre = await IdAsync("Doomed");
        var tag = await TagAsync(movie);

        using var refused = await api.Admin.DeleteAsync($"/api/v1/genres/{genre}");
        using var alsoRefused = await api.Admin.DeleteAsync($"/api/v1/genres/{genre}?fromMovies=false");
        Assert.Equal(tag, await TagAsync(movie));
        using var deleted = await api.Admin.DeleteAsync($"/api/v1/genres/{genre}?fromMovies=true");
        using var again = await api.Admin.DeleteAsync($"/api/v1/genres/{genre}?fromMovies=true");

        await refused.ReadProblemAsync(HttpStatusCode.Conflict, "genre_in_use");
        await alsoRefused.ReadProblemAsync(HttpStatusCode.Conflict, "genre_in_use");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await again.ReadProblemAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Equal("[]", (await MovieAsync(movie)).GetProperty("genres").GetRawText());
        Assert.NotEqual(tag, await TagAsync(movie));
        Assert.Equal([$"genre.deleted {api.AdminId} {{\"name\": \"{_name} Doomed\", \"movieCount\": 1}} "], await AuditAsync(genre));
    }

    [Fact]
    public async Task Genre_without_movies_is_deleted()
    {
        using var movie = await api.Admin.DeleteAsync($"/api/v1/movies/{await AddMovieAsync("Typo")}");

        using var deleted = await api.Admin.DeleteAsync($"/api/v1/genres/{await IdAsync("Typo")}");

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.DoesNotContain($"{_name} Typo", (await api.Admin.GetJsonAsync("/api/v1/genres")).Items("name"));
    }

    [Fact]
    public async Task Many_merges_at_once_end_well_while_movies_get_and_lose_these_genres()
    {
        const int Merges = 20;
        await AddMovieAsync("Target");
        var into = await IdAsync("Target");
        await api.Admin.SendAsync("POST", "/api/v1/movies/import", Lines(Merges, 1), "application/x-ndjson");
        var sources = await Task.WhenAll(Enumerable.Range(0, Merges).Select(n => IdAsync($"{n}")));

        var merging = Task.WhenAll(sources.Select(source => api.Admin.SendAsync("POST", $"/api/v1/genres/{source}/merge", $$"""{"into":{{into}}}""")));
        var importing = Task.WhenAll(Enumerable.Range(2, 4).Select(
            import => api.Admin.SendAsync("POST", "/api/v1/movies/import", Lines(Merges, import % 2), "application/x-ndjson")));
        var patching = Task.WhenAll(Enumerable.Range(0, Merges).Select(async n => await api.Admin.PatchAsync(
            $"/api/v1/movies/{await AddMovieAsync("Patched")}", $$"""{"genres":["{{_name}} {{n}}"]}""", "*")));

        Assert.All(await merging, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.All(await patching, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        foreach (var answer in await importing)
        {
            Assert.Equal(0, (await answer.ReadJsonAsync()).GetProperty("rejected").GetInt32());
        }

        // One genre each: the target, or the merged one, which a later write has made again.
        Assert.Equal(0, await api.ScalarAsync<long>(
            $"""
            SELECT count(*) FROM movies WHERE title LIKE {_name + "%"}
            AND (SELECT count(*) FROM movie_genres WHERE movie_id = id) <> 1
            """));
    }

    [Fact]
    public async Task Two_genres_that_are_merged_into_each_other_become_one()
    {
        await AddMovieAsync("Left", "Right");
        var (left, right) = (await IdAsync("Left"), await IdAsync("Right"));

        var answers = await Task.WhenAll(
            api.Admin.SendAsync("POST", $"/api/v1/genres/{left}/merge", $$"""{"into":{{right}}}"""),
            api.Admin.SendAsync("POST", $"/api/v1/genres/{right}/merge", $$"""{"into":{{left}}}"""));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.BadRequest);
        Assert.Equal(1, await api.ScalarAsync<long>($"SELECT count(*) FROM genres WHERE name LIKE {_name + " %"} COLLATE \"C\""));
    }

    [Fact]
    public async Task Genre_of_thousands_of_movies_is_renamed_merged_and_deleted()
    {
        const int Movies = 3_200;
        await AddMovieAsync("Huge", "Small");
        var (huge, small) = (await IdAsync("Huge"), await IdAsync("Small"));
        await api.ExecuteAsync(
            $"""
            WITH m AS (INSERT INTO movies (title, release_date)
                SELECT {_name} || n, date '2000-01-01' FROM generate_series(2, {Movies}) n RETURNING id)
            INSERT INTO movie_genres (movie_id, genre_id) SELECT id, {huge} FROM m
            """);

        using var renamed = await api.Admin.SendAsync("PUT", $"/api/v1/genres/{huge}", $$"""{"name":"{{_name}} Vast"}""");
        using var merged = await api.Admin.SendAsync("POST", $"/api/v1/genres/{huge}/merge", $$"""{"into":{{small}}}""");
        using var deleted = await api.Admin.DeleteAsync($"/api/v1/genres/{small}?fromMovies=true");

        Assert.Equal(Movies, (await renamed.ReadJsonAsync()).GetProperty("movieCount").GetInt32());
        Assert.Equal(Movies, (await merged.ReadJsonAsync()).GetProperty("movieCount").GetInt32());
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }

    /// <summary>Movies of this test, each with one of its genres, which another <paramref name="turn"/> changes.</summary>
    private string Lines(int count, int turn) => string.Join('\n', Enumerable.Range(0, 300).Select(n =>
        $$"""{"title":"{{_name}} {{n}}","releaseDate":"2001-01-01","genres":["{{_name}} {{(n + turn) % count}}"]}"""));

    private Task<long> AddMovieAsync(params string[] genres) =>
        api.AddMovieAsync($"{_name} {Guid.NewGuid()}", null, [.. genres.Select(genre => $"{_name} {genre}")]);

    private Task<long> IdAsync(string genre) => api.ScalarAsync<long>($"SELECT id FROM genres WHERE name = {$"{_name} {genre}"}");

    private Task<JsonElement> MovieAsync(long id) => api.Admin.GetJsonAsync($"/api/v1/movies/{id}");

    private async Task<string> TagAsync(long id)
    {
        using var response = await api.Admin.GetAsync($"/api/v1/movies/{id}");
        return response.Headers.ETag!.Tag;
    }

    private async Task<string?> SinceAsync()
    {
        var page = await api.Admin.GetJsonAsync("/api/v1/movies/changes?limit=1000");
        while (page.GetProperty("hasMore").GetBoolean())
        {
            page = await api.Admin.GetJsonAsync($"/api/v1/movies/changes?limit=1000&since={page.GetProperty("since")}");
        }

        return page.GetProperty("since").GetString();
    }

    private async Task<string[]> AuditAsync(long genre) => await api.ScalarAsync<string[]>(
        $"""
        SELECT array_agg(concat_ws(' ', action, actor_id, "before"::text, coalesce("after"::text, '')) ORDER BY id) FROM audit_entries
        WHERE subject_type = 'genre' AND subject_id = {genre}
        """) ?? [];

    public sealed class Fixture : ApiFixture
    {
        public HttpClient Admin { get; private set; } = null!;

        public long AdminId { get; private set; }

        protected override async Task SeedAsync()
        {
            AdminId = await this.AddUserAsync("admin");
            Admin = this.CreateClient(AdminId, Roles.Admin);
        }
    }
}
