using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MovieAspire.Api.Http;
using MovieAspire.Api.Moderation;
using MovieAspire.Api.Tests.Reviews;
using MovieAspire.Api.Tests.Support;
using MovieAspire.Data;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Tests.Moderation;

public sealed class ModerationTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Reports = "/api/v1/moderation/reports";
    private const string Reviews = "/api/v1/moderation/reviews";

    [Fact]
    public async Task Moderator_reads_open_reports_oldest_first_with_review_author_movie_and_reporter()
    {
        var (author, reporter) = (await api.AddSignedInUserAsync(), await api.AddSignedInUserAsync());
        using var moderator = (await api.AddSignedInUserAsync(Roles.Moderator)).Client;
        List<string> reviews = [];
        for (var i = 0; i < 5; i++)
        {
            var movie = await api.AddMovieAsync($"Movie {i} of {author.Id}");
            reviews.Add(await author.Client.ReviewAsync(movie));
            await ReportAsync(reporter.Client, reviews[^1], "spoilers", $"Number {i}");
        }

        var pages = await moderator.WalkAsync($"{Reports}?limit=2", "review");
        var ofAuthor = pages.Select(json => JsonDocument.Parse(json).RootElement)
            .Where(review => review.GetProperty("author").GetProperty("id").GetInt64() == author.Id).ToList();
        Assert.Equal(reviews.Select(IdOf), ofAuthor.Select(review => review.GetProperty("id").GetInt64()));
        Assert.Equal(
            [.. Enumerable.Range(0, 5).Select(i => $"Movie {i} of {author.Id}")],
            ofAuthor.Select(review => review.GetProperty("movie").GetProperty("title").GetString()!));

        var list = await moderator.GetJsonAsync($"{Reports}?limit=100&includeTotal=true");
        var report = list.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("comment").GetString() == "Number 3"
            && item.GetProperty("reporter").GetProperty("id").GetInt64() == reporter.Id);
        Assert.Equal("spoilers", report.GetProperty("reason").GetString());
        Assert.Equal((await moderator.GetJsonAsync(reviews[3])).GetRawText(), report.GetProperty("review").GetRawText());
        Assert.StartsWith("user-", report.GetProperty("reporter").GetProperty("displayName").GetString(), StringComparison.Ordinal);
        Assert.Equal(list.GetProperty("items").GetArrayLength(), list.GetProperty("total").GetInt32());
        using var read = await moderator.GetAsync(Reports);
        Assert.True(read.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task Moderator_reads_all_reviews_the_one_added_last_first_however_old_it_is()
    {
        var author = await api.AddSignedInUserAsync();
        using var moderator = (await api.AddSignedInUserAsync(Roles.Moderator)).Client;
        List<string> reviews = [];
        for (var i = 0; i < 3; i++)
        {
            reviews.Add(await author.Client.ReviewAsync(await api.AddMovieAsync($"{Guid.NewGuid()}")));
        }

        // As a load does, which brings the times along.
        await api.ExecuteAsync($"UPDATE reviews SET created_at = now() - interval '1 year' WHERE id = {IdOf(reviews[^1])}");

        var pages = await moderator.WalkAsync($"{Reviews}?limit=2", "id");
        Assert.Equal(
            [.. reviews.Select(IdOf).Reverse().Select(id => $"{id}")], pages.Intersect(reviews.Select(review => $"{IdOf(review)}")));
        Assert.Equal(pages.Count, pages.Distinct().Count());
        var list = await moderator.GetJsonAsync($"{Reviews}?limit=100&includeTotal=true");
        Assert.Equal(list.GetProperty("items").GetArrayLength(), list.GetProperty("total").GetInt32());
        var last = list.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("id").GetInt64() == IdOf(reviews[^1]));
        Assert.Equal((await moderator.GetJsonAsync(reviews[^1])).GetRawText(), last.GetRawText());
    }

    [Fact]
    public async Task Keeping_a_review_resolves_all_its_reports_and_removing_it_deletes_them()
    {
        var author = await api.AddSignedInUserAsync();
        using var moderator = (await api.AddSignedInUserAsync(Roles.Moderator)).Client;
        var movie = await api.AddMovieAsync($"{Guid.NewGuid()}");
        var (kept, keptReports) = await ReportedReviewAsync(author, await api.AddMovieAsync($"{Guid.NewGuid()}"));
        var (removed, removedReports) = await ReportedReviewAsync(author, movie);

        using var keep = await ResolveAsync(moderator, keptReports[1], "keep");
        using var remove = await ResolveAsync(moderator, removedReports[1], "remove");

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (keep.StatusCode, remove.StatusCode));
        var open = await moderator.WalkAsync($"{Reports}?limit=100", "id");
        Assert.Empty(open.Intersect([.. keptReports.Select(id => $"{id}"), .. removedReports.Select(id => $"{id}")]));
        Assert.Equal(HttpStatusCode.OK, (await moderator.GetAsync(kept)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await moderator.GetAsync(removed)).StatusCode);
        Assert.Equal(0, (await moderator.GetJsonAsync($"/api/v1/movies/{movie}")).GetProperty("reviewCount").GetInt32());
        Assert.Equal(0, await api.ScalarAsync<long>($"SELECT count(*) FROM wrong_aggregates()"));

        foreach (var report in keptReports)
        {
            using var again = await ResolveAsync(moderator, report, "remove");
            await again.ReadProblemAsync(HttpStatusCode.Conflict, "already_resolved");
        }

        using var gone = await ResolveAsync(moderator, removedReports[0], "keep");
        await gone.ReadProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData("keep", "keep", HttpStatusCode.Conflict)]
    [InlineData("remove", "remove", HttpStatusCode.NotFound)]
    [InlineData("keep", "remove", null)]
    public async Task One_of_two_concurrent_moderators_decides(string first, string second, HttpStatusCode? refusal)
    {
        var author = await api.AddSignedInUserAsync();
        using var ann = (await api.AddSignedInUserAsync(Roles.Moderator)).Client;
        using var ben = (await api.AddSignedInUserAsync(Roles.Admin)).Client;
        for (var i = 0; i < 10; i++)
        {
            var (review, reports) = await ReportedReviewAsync(author, await api.AddMovieAsync($"{Guid.NewGuid()}"));

            var answers = await Task.WhenAll(ResolveAsync(ann, reports[0], first), ResolveAsync(ben, reports[1], second));

            var refused = Assert.Single(answers, answer => answer.StatusCode != HttpStatusCode.NoContent);
            Assert.Contains(refused.StatusCode, refusal is { } only ? [only] : new[] { HttpStatusCode.Conflict, HttpStatusCode.NotFound });
            Assert.Equal(1, await api.ScalarAsync<long>($"SELECT count(*) FROM audit_entries WHERE subject_type = 'review' AND subject_id = {IdOf(review)}"));
        }

        Assert.Equal(0, await api.ScalarAsync<long>($"SELECT count(*) FROM wrong_aggregates()"));
    }

    [Fact]
    public async Task Decisions_are_audited_without_a_word_of_the_review()
    {
        var author = await api.AddSignedInUserAsync();
        var moderator = await api.AddSignedInUserAsync(Roles.Moderator);
        var movie = await api.AddMovieAsync($"{Guid.NewGuid()}");
        var (kept, keptReports) = await ReportedReviewAsync(author, await api.AddMovieAsync($"{Guid.NewGuid()}"));
        var (removed, removedReports) = await ReportedReviewAsync(author, movie);
        var (deleted, _) = await ReportedReviewAsync(author, await api.AddMovieAsync($"{Guid.NewGuid()}"));
        var unreported = await author.Client.ReviewAsync(await api.AddMovieAsync($"{Guid.NewGuid()}"));
        var own = await moderator.Client.ReviewAsync(movie);

        using var keep = await ResolveAsync(moderator.Client, keptReports[0], "keep", "Harsh, but fair.");
        using var remove = await ResolveAsync(moderator.Client, removedReports[0], "remove", "An advertisement.");
        using var delete = await moderator.Client.DeleteAsync(deleted);
        using var removeUnreported = await moderator.Client.PostAsJsonAsync(
            $"/api/v1/moderation/reviews/{IdOf(unreported)}/remove", new { reason = "A phone number." });
        using var deleteOwn = await moderator.Client.DeleteAsync(own);

        Assert.Equal(("review.kept", "Harsh, but fair."), await AuditedAsync(kept));
        Assert.Equal(("review.removed", "An advertisement."), await AuditedAsync(removed));
        Assert.Equal(("review.removed", null), await AuditedAsync(deleted));
        Assert.Equal(HttpStatusCode.NoContent, removeUnreported.StatusCode);
        Assert.Equal(("review.removed", "A phone number."), await AuditedAsync(unreported));
        Assert.Equal(HttpStatusCode.NotFound, (await moderator.Client.GetAsync(unreported)).StatusCode);
        Assert.Equal(0, await api.ScalarAsync<long>($"SELECT count(*) FROM audit_entries WHERE subject_id = {IdOf(own)} AND subject_type = 'review'"));
        var before = JsonDocument.Parse((await api.ScalarAsync<string>(
            $"SELECT before::text FROM audit_entries WHERE subject_type = 'review' AND subject_id = {IdOf(removed)} AND actor_id = {moderator.Id}"))!).RootElement;
        Assert.Equal((movie, author.Id), (before.GetProperty("movieId").GetInt64(), before.GetProperty("authorId").GetInt64()));
        Assert.Equal(["spam", "abuse"], before.GetProperty("openReports").EnumerateArray().Select(reason => reason.GetString()));
        Assert.DoesNotContain("liked it", before.GetRawText(), StringComparison.Ordinal);

        async Task<(string? Action, string? Reason)> AuditedAsync(string review) => (
            await api.ScalarAsync<string>($"SELECT action FROM audit_entries WHERE subject_type = 'review' AND subject_id = {IdOf(review)}"),
            await api.ScalarAsync<string>($"SELECT after ->> 'reason' FROM audit_entries WHERE subject_type = 'review' AND subject_id = {IdOf(review)}"));
    }

    [Theory]
    [InlineData("{}", "action", "reason")]
    [InlineData("""{"action":"keep"}""", "reason")]
    [InlineData("""{"action":"Keep","reason":"Fine."}""", "action")]
    [InlineData("""{"action":"keep","reason":" "}""", "reason")]
    [InlineData("""{"action":null,"reason":"Fine."}""", "action")]
    [InlineData("""{"action":"ban","reason":"\u200b"}""", "action", "reason")]
    public async Task Invalid_decision_is_400_that_names_the_field_and_decides_nothing(string body, params string[] blamed)
    {
        using var moderator = (await api.AddSignedInUserAsync(Roles.Moderator)).Client;
        var (_, reports) = await ReportedReviewAsync(await api.AddSignedInUserAsync(), await api.AddMovieAsync($"{Guid.NewGuid()}"));

        using var answer = await moderator.SendAsync("POST", $"{Reports}/{reports[0]}/resolve", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(blamed, (await answer.ReadJsonAsync()).Blamed().Order(StringComparer.Ordinal));
        using var decided = await ResolveAsync(moderator, reports[0], "keep");
        Assert.Equal(HttpStatusCode.NoContent, decided.StatusCode);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"reason":null}""")]
    [InlineData("""{"reason":"\u200b "}""")]
    public async Task Removal_without_a_reason_is_400_and_removes_nothing(string body)
    {
        using var moderator = (await api.AddSignedInUserAsync(Roles.Moderator)).Client;
        var review = await (await api.AddSignedInUserAsync()).Client.ReviewAsync(await api.AddMovieAsync($"{Guid.NewGuid()}"));

        using var answer = await moderator.SendAsync("POST", $"/api/v1/moderation/reviews/{IdOf(review)}/remove", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(["reason"], (await answer.ReadJsonAsync()).Blamed());
        await moderator.GetJsonAsync(review);
    }

    [Fact]
    public async Task Concurrent_removals_of_a_review_are_recorded_once()
    {
        using var moderator = (await api.AddSignedInUserAsync(Roles.Moderator)).Client;
        var (review, reports) = await ReportedReviewAsync(await api.AddSignedInUserAsync(), await api.AddMovieAsync($"{Guid.NewGuid()}"));
        var path = $"/api/v1/moderation/reviews/{IdOf(review)}/remove";

        var answers = await Task.WhenAll(
            [
                .. Enumerable.Range(0, 5).Select(_ => moderator.PostAsJsonAsync(path, new { reason = "Spam." })),
                .. Enumerable.Range(0, 5).Select(_ => ResolveAsync(moderator, reports[0], "remove")),
            ]);

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.NoContent);
        Assert.Equal(9, answers.Count(answer => answer.StatusCode == HttpStatusCode.NotFound));
        Assert.Equal(1, await api.ScalarAsync<long>(
            $"SELECT count(*) FROM audit_entries WHERE subject_type = 'review' AND subject_id = {IdOf(review)}"));
    }

    [Fact]
    public async Task Reports_go_with_the_review_its_author_and_its_reporter()
    {
        var (author, reporter) = (await api.AddSignedInUserAsync(), await api.AddSignedInUserAsync());
        using var moderator = (await api.AddSignedInUserAsync(Roles.Moderator)).Client;
        var (ofAuthor, ofReporter, deleted) = (
            await author.Client.ReviewAsync(await api.AddMovieAsync($"{Guid.NewGuid()}")),
            await (await api.AddSignedInUserAsync()).Client.ReviewAsync(await api.AddMovieAsync($"{Guid.NewGuid()}")),
            await author.Client.ReviewAsync(await api.AddMovieAsync($"{Guid.NewGuid()}")));
        await ReportAsync(moderator, ofAuthor, "spam", null);
        await ReportAsync(reporter.Client, ofReporter, "spam", null);
        await ReportAsync(reporter.Client, deleted, "spam", null);

        using var gone = await author.Client.DeleteAsync(deleted);
        using var authorGone = await author.Client.DeleteAsync("/api/v1/me");
        using var reporterGone = await reporter.Client.DeleteAsync("/api/v1/me");

        var ids = new[] { IdOf(ofAuthor), IdOf(ofReporter), IdOf(deleted) };
        Assert.Equal(0, await api.ScalarAsync<long>($"SELECT count(*) FROM review_reports WHERE review_id = ANY ({ids})"));
        Assert.Empty((await moderator.WalkAsync($"{Reports}?limit=100", "review")).Select(Parse).Intersect(ids));
    }

    /// <summary>Inserts wait for the moderator who is deciding, and are then open reports of what was kept, or of nothing.</summary>
    [Theory]
    [InlineData("keep")]
    [InlineData("remove")]
    public async Task Reports_that_arrive_with_the_decision_are_answered_and_leave_nothing_half_done(string action)
    {
        var author = await api.AddSignedInUserAsync();
        using var moderator = (await api.AddSignedInUserAsync(Roles.Moderator)).Client;
        var reporters = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => api.AddSignedInUserAsync()));
        for (var i = 0; i < 5; i++)
        {
            var (review, reports) = await ReportedReviewAsync(author, await api.AddMovieAsync($"{Guid.NewGuid()}"));
            var reporting = reporters.Select(reporter => reporter.Client.PostAsJsonAsync($"{review}/report", new { reason = "spam" })).ToList();

            using var decided = await ResolveAsync(moderator, reports[0], action);
            var answers = await Task.WhenAll(reporting);

            Assert.Equal(HttpStatusCode.NoContent, decided.StatusCode);
            Assert.All(answers, answer => Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.NoContent, HttpStatusCode.NotFound }));
            Assert.True(action == "remove" || answers.All(answer => answer.StatusCode == HttpStatusCode.NoContent));
        }
    }

    [Fact]
    public async Task Page_of_open_reports_starts_at_its_cursor_in_the_index()
    {
        using var scope = api.Services.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<MovieDbContext>();

        var plan = await api.PlanAsync(OpenReports.Create(db).Page(new Cursor("2026-01-31T12:00:00.0000000+00:00", 5), 20), Plans.IndexOrder);

        Assert.Contains("ix_review_reports_open", plan, StringComparison.Ordinal);
        Assert.Contains("Index Cond: (ROW(", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Sort Key", plan, StringComparison.Ordinal);
    }

    /// <summary>A review with two reports, and their ids.</summary>
    private async Task<(string Review, long[] Reports)> ReportedReviewAsync(TestUser author, long movie)
    {
        var review = await author.Client.ReviewAsync(movie);
        foreach (var reason in new[] { "spam", "abuse" })
        {
            using var reporter = (await api.AddSignedInUserAsync()).Client;
            await ReportAsync(reporter, review, reason, null);
        }

        return (review, (await api.ScalarAsync<long[]>($"SELECT array_agg(id ORDER BY id) FROM review_reports WHERE review_id = {IdOf(review)}"))!);
    }

    private static long IdOf(string review) => long.Parse(review.Split('/')[^1], CultureInfo.InvariantCulture);

    private static long Parse(string review) => JsonDocument.Parse(review).RootElement.GetProperty("id").GetInt64();

    private static async Task ReportAsync(HttpClient client, string review, string reason, string? comment)
    {
        using var answer = await client.PostAsJsonAsync($"{review}/report", new { reason, comment });
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private static Task<HttpResponseMessage> ResolveAsync(HttpClient client, long report, string action, string reason = "Because.") =>
        client.PostAsJsonAsync($"{Reports}/{report}/resolve", new { action, reason });
}
