using System.Net;
using System.Net.Http.Json;
using MovieAspire.Api.Tests.Reviews;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data;

namespace MovieAspire.Api.Tests.Moderation;

public sealed class ReportTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Review_is_reported_once_by_each_user_and_not_by_its_author()
    {
        using var author = (await api.AddSignedInUserAsync()).Client;
        using var ann = (await api.AddSignedInUserAsync()).Client;
        using var ben = (await api.AddSignedInUserAsync()).Client;
        var review = await author.ReviewAsync(await api.AddMovieAsync($"{Guid.NewGuid()}"));

        Assert.Equal(HttpStatusCode.NoContent, await ReportAsync(ann, review));
        Assert.Equal(HttpStatusCode.NoContent, await ReportAsync(ben, review));
        using var again = await ann.PostAsJsonAsync($"{review}/report", new { reason = "other", comment = "Again" });
        await again.ReadProblemAsync(HttpStatusCode.Conflict, "already_reported");
        using var own = await author.PostAsJsonAsync($"{review}/report", new { reason = "spam" });
        await own.ReadProblemAsync(HttpStatusCode.Forbidden, "own_review");
        Assert.Equal(HttpStatusCode.NotFound, await ReportAsync(ann, "/api/v1/reviews/999999999"));
        Assert.Equal("spam", await api.ScalarAsync<string>($"SELECT string_agg(DISTINCT reason, '') FROM review_reports WHERE review_id = {IdOf(review)}"));
    }

    [Fact]
    public async Task One_of_many_concurrent_reports_by_a_user_is_accepted()
    {
        using var author = (await api.AddSignedInUserAsync()).Client;
        using var ann = (await api.AddSignedInUserAsync()).Client;
        var review = await author.ReviewAsync(await api.AddMovieAsync($"{Guid.NewGuid()}"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ReportAsync(ann, review)));

        Assert.Equal([HttpStatusCode.NoContent, .. Enumerable.Repeat(HttpStatusCode.Conflict, 7)], answers.Order());
    }

    /// <summary>An author could otherwise wait for the decision and then write what nobody may report.</summary>
    [Fact]
    public async Task Kept_review_is_reported_again_only_after_its_author_changed_it()
    {
        using var author = (await api.AddSignedInUserAsync()).Client;
        using var ann = (await api.AddSignedInUserAsync()).Client;
        var review = await author.ReviewAsync(await api.AddMovieAsync($"{Guid.NewGuid()}"));
        await ReportAsync(ann, review);
        await api.ExecuteAsync($"UPDATE review_reports SET resolved_at = now() WHERE review_id = {IdOf(review)}");

        Assert.Equal(HttpStatusCode.Conflict, await ReportAsync(ann, review));
        using var changed = await author.PutAsJsonAsync(review, new { title = "Buy", body = "Buy now" });
        using var again = await ann.PostAsJsonAsync($"{review}/report", new { reason = "abuse", comment = "Changed" });

        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
        Assert.Equal(
            "abuse Changed",
            await api.ScalarAsync<string>($"SELECT reason || ' ' || comment FROM review_reports WHERE review_id = {IdOf(review)} AND resolved_at IS NULL"));
    }

    [Theory]
    [InlineData("spam")]
    [InlineData("abuse")]
    [InlineData("spoilers")]
    [InlineData("off_topic")]
    [InlineData("other")]
    public async Task Every_documented_reason_is_taken(string reason)
    {
        using var author = (await api.AddSignedInUserAsync()).Client;
        using var ann = (await api.AddSignedInUserAsync()).Client;
        var review = await author.ReviewAsync(await api.AddMovieAsync($"{Guid.NewGuid()}"));

        using var answer = await ann.PostAsJsonAsync($"{review}/report", new { reason, comment = (string?)null });

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Contains(reason, Limits.ReportReasons);
    }

    [Theory]
    [InlineData("{}", "reason")]
    [InlineData("""{"reason":null}""", "reason")]
    [InlineData("""{"reason":""}""", "reason")]
    [InlineData("""{"reason":"Spam"}""", "reason")]
    [InlineData("""{"reason":"boring"}""", "reason")]
    [InlineData("""{"reason":"spam","comment":" "}""", "comment")]
    [InlineData("""{"reason":"spam","comment":"a\u0000b"}""", "comment")]
    [InlineData("""{"reason":"boring","comment":""}""", "comment", "reason")]
    [InlineData("""{"reason":"spam","userId":1}""", "userId")]
    public async Task Invalid_report_is_400_that_names_the_field(string body, params string[] blamed)
    {
        using var author = (await api.AddSignedInUserAsync()).Client;
        using var ann = (await api.AddSignedInUserAsync()).Client;
        var review = await author.ReviewAsync(await api.AddMovieAsync($"{Guid.NewGuid()}"));

        using var answer = await ann.SendAsync("POST", $"{review}/report", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(blamed, (await answer.ReadJsonAsync()).Blamed().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Longest_comment_is_that_of_the_column_in_code_points()
    {
        using var author = (await api.AddSignedInUserAsync()).Client;
        using var ann = (await api.AddSignedInUserAsync()).Client;
        var review = await author.ReviewAsync(await api.AddMovieAsync($"{Guid.NewGuid()}"));
        var longest = string.Concat(Enumerable.Repeat("😀", Limits.ReportComment));

        using var longer = await ann.PostAsJsonAsync($"{review}/report", new { reason = "other", comment = longest + "a" });
        using var fits = await ann.PostAsJsonAsync($"{review}/report", new { reason = "other", comment = longest });

        Assert.Equal(["comment"], (await longer.ReadProblemAsync(HttpStatusCode.BadRequest, "validation_failed")).Blamed());
        Assert.Equal(HttpStatusCode.NoContent, fits.StatusCode);
    }

    private static long IdOf(string review) => long.Parse(review.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<HttpStatusCode> ReportAsync(HttpClient client, string review)
    {
        using var answer = await client.PostAsJsonAsync($"{review}/report", new { reason = "spam" });
        return answer.StatusCode;
    }
}
