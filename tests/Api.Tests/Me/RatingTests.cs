using System.Net;
using System.Net.Http.Json;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Testing;
using Npgsql;

namespace MovieAspire.Api.Tests.Me;

public sealed class RatingTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Rating_twice_keeps_one_rating()
    {
        var movie = await api.AddMovieAsync("Heat");
        using var ann = api.CreateClient(await api.AddUserAsync("ann"));

        await RateAsync(ann, movie, 3);
        await RateAsync(ann, movie, 8);
        var rating = await ann.GetJsonAsync($"/api/v1/movies/{movie}/rating");
        await RateAsync(ann, movie, 8);

        Assert.Equal(8, rating.GetProperty("value").GetInt32());
        Assert.NotEqual(rating.GetProperty("createdAt").GetString(), rating.GetProperty("updatedAt").GetString());
        Assert.Equal(rating.GetRawText(), (await ann.GetJsonAsync($"/api/v1/movies/{movie}/rating")).GetRawText());
        var detail = await ann.GetJsonAsync($"/api/v1/movies/{movie}");
        Assert.Equal(1, detail.GetProperty("ratingCount").GetInt32());
        Assert.Equal("[0,0,0,0,0,0,0,1,0,0]", detail.GetProperty("ratingHistogram").GetRawText());
    }

    [Fact]
    public async Task Same_rating_that_is_deleted_meanwhile_is_there_or_written_again()
    {
        var movie = await api.AddMovieAsync("Ikiru");
        var ann = await api.AddSignedInUserAsync();
        var rating = new { value = 8 };
        var isDone = false;
        var deleting = Task.Run(async () =>
        {
            await using var connection = new NpgsqlConnection(api.ConnectionString);
            await connection.OpenAsync();
            while (!isDone)
            {
                await connection.ExecuteAsync("DELETE FROM ratings WHERE movie_id = $1", movie);
            }
        });

        for (var i = 0; i < 200; i++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ann.Client.PutAsJsonAsync($"/api/v1/movies/{movie}/rating", rating)));
            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        }

        isDone = true;
        await deleting;
    }

    [Theory]
    [InlineData(8)]
    [InlineData(3)]
    public async Task Same_rating_that_is_committed_meanwhile_is_the_one_that_is_answered(short before)
    {
        var movie = await api.AddMovieAsync($"{Guid.NewGuid()}");
        var ann = await api.AddSignedInUserAsync();
        if (before != 8)
        {
            await RateAsync(ann.Client, movie, before);
        }

        await using var connection = new NpgsqlConnection(api.ConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync(
            "INSERT INTO ratings (user_id, movie_id, value) VALUES ($1, $2, 8) ON CONFLICT (user_id, movie_id) DO UPDATE SET value = 8",
            ann.Id,
            movie);

        var rating = ann.Client.PutAsJsonAsync($"/api/v1/movies/{movie}/rating", new { value = 8 });
        await Eventually.HoldsAsync(
            async () => await api.ScalarAsync<long>($"SELECT count(*) FROM pg_stat_activity WHERE {connection.ProcessID} = ANY (pg_blocking_pids(pid))") > 0,
            "the rating waits for the other one");
        await transaction.CommitAsync();

        using var answer = await rating;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(8, (await answer.ReadJsonAsync()).GetProperty("value").GetInt32());
    }

    [Fact]
    public async Task Rating_is_visible_to_its_writer_at_once()
    {
        var movie = await api.AddMovieAsync("Brazil");
        using var ann = api.CreateClient(await api.AddUserAsync("ann-2"));
        using var before = await ann.GetAsync($"/api/v1/movies/{movie}");

        await RateAsync(ann, movie, 9);

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/movies/{movie}");
        request.Headers.IfNoneMatch.Add(before.Headers.ETag!);
        using var after = await ann.SendAsync(request);
        Assert.Equal(9, (await after.ReadJsonAsync()).GetProperty("averageRating").GetDecimal());
    }

    [Fact]
    public async Task Rating_deletion_is_idempotent()
    {
        var movie = await api.AddMovieAsync("Alien");
        using var ann = api.CreateClient(await api.AddUserAsync("ann-3"));
        await RateAsync(ann, movie, 9);

        for (var i = 0; i < 2; i++)
        {
            using var deleted = await ann.DeleteAsync($"/api/v1/movies/{movie}/rating");
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        }

        using var gone = await ann.GetAsync($"/api/v1/movies/{movie}/rating");
        await gone.ReadProblemAsync(HttpStatusCode.NotFound, "not_found");
        Assert.Equal(0, (await ann.GetJsonAsync($"/api/v1/movies/{movie}")).GetProperty("ratingCount").GetInt32());
    }

    [Theory]
    [InlineData("""{"value":0}""", "value")]
    [InlineData("""{"value":11}""", "value")]
    [InlineData("""{"value":5.5}""", "value")]
    [InlineData("""{"value":"5"}""", "value")]
    [InlineData("""{"value":null}""", "value")]
    [InlineData("""{"value":99999999999999999999}""", "value")]
    [InlineData("""{"value":5,"value":6}""", "value")]
    [InlineData("""{"value":5,"extra":1}""", "extra")]
    [InlineData("""{"Value":5}""", "value", "Value")]
    [InlineData("""{}""", "value")]
    [InlineData("""[]""", "$")]
    [InlineData("""5""", "$")]
    [InlineData("""{"value":5""", "value")]
    [InlineData("""{"value":""", "value")]
    [InlineData("""{"val""", "$")]
    [InlineData("""{"value":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}}}}}}}}}}}""", "value")]
    public async Task Invalid_rating_is_400_that_names_the_field(string body, params string[] blamed)
    {
        var movie = await api.AddMovieAsync($"Movie {Guid.NewGuid()}");
        using var user = api.CreateClient(await api.AddUserAsync($"user-{Guid.NewGuid():N}"));
        using var content = new StringContent(body, null, "application/json");

        using var response = await user.PutAsync($"/api/v1/movies/{movie}/rating", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(blamed, (await response.ReadJsonAsync()).Blamed());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("")]
    public async Task Missing_body_is_400(string body)
    {
        using var user = api.CreateClient(await api.AddUserAsync($"user-{Guid.NewGuid():N}"));
        using var content = new StringContent(body, null, "application/json");

        using var response = await user.PutAsync("/api/v1/movies/1/rating", content);

        await response.ReadProblemAsync(HttpStatusCode.BadRequest, "malformed_body");
    }

    [Theory]
    [InlineData("application/xml")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=\"utf-7\"")]
    [InlineData("application/json; charset=nonsense")]
    public async Task Body_of_another_content_type_or_encoding_is_415(string type)
    {
        using var user = api.CreateClient(await api.AddUserAsync($"user-{Guid.NewGuid():N}"));

        using var response = await user.SendAsync("PUT", "/api/v1/movies/1/rating", """{"value":5}""", type);

        await response.ReadProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Theory]
    [InlineData("application/json; charset=UTF-8")]
    [InlineData("application/json;charset=\"utf-8\"")]
    [InlineData("Application/Json; version=1; charset=\"UTF-8\"")]
    public async Task Body_in_UTF_8_is_taken_however_its_header_is_written(string type)
    {
        using var user = api.CreateClient(await api.AddUserAsync($"user-{Guid.NewGuid():N}"));

        using var response = await user.SendAsync("PUT", "/api/v1/movies/999999/rating", """{"value":5}""", type);

        await response.ReadProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Rating_of_an_unknown_movie_is_404(string method)
    {
        using var user = api.CreateClient(await api.AddUserAsync($"user-{Guid.NewGuid():N}"));
        using var request = new HttpRequestMessage(new(method), "/api/v1/movies/999999/rating");
        request.Content = method == "PUT" ? JsonContent.Create(new { value = 5 }) : null;

        using var response = await user.SendAsync(request);

        await response.ReadProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Rating_by_a_deleted_account_is_401()
    {
        var account = await api.AddUserAsync("ghost");
        using var ghost = api.CreateClient(account);
        await api.ExecuteAsync($"DELETE FROM users WHERE id = {account}");

        using var response = await ghost.PutAsJsonAsync($"/api/v1/movies/{await api.AddMovieAsync("Ghost")}/rating", new { value = 5 });

        await response.ReadProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    private static async Task RateAsync(HttpClient client, long movie, int value)
    {
        using var response = await client.PutAsJsonAsync($"/api/v1/movies/{movie}/rating", new { value });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
