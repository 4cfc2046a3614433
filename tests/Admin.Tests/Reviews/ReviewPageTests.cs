using System.Text.RegularExpressions;
using MovieAspire.Admin.Tests.Support;
using MovieAspire.Data.Identity;
using MovieAspire.Testing;

namespace MovieAspire.Admin.Tests.Reviews;

/// <summary>One test at a time runs here, and leaves no open report behind.</summary>
public sealed class ReviewPageTests(SiteFixture site) : IClassFixture<SiteFixture>, IAsyncLifetime
{
    private readonly string _id = $"{Guid.NewGuid():N}"[..8];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await site.Api.ExecuteAsync($"DELETE FROM review_reports");

    [RequiresFact(Tool.Browser)]
    public async Task Reported_review_is_kept_with_a_reason()
    {
        var review = await AddReviewAsync("Harsh", "It is the worst film that there is.", "spam", "abuse");
        await using var visitor = await OpenAsync("/reviews", "Reported reviews");
        var card = Card(visitor, "Harsh");
        await Expect(card).ToContainTextAsync("It is the worst film");
        await Expect(card).ToContainTextAsync("2 reports");
        await Expect(card).ToContainTextAsync("Comment on abuse");
        await Expect(card).ToContainTextAsync(new Regex(@"By author-\w+\s+\(user \d+\)\s+of Film Harsh"));
        await Expect(card).ToContainTextAsync(new Regex(@"Spam by reporter-\w+\s+\(user \d+\), "));
        await Expect(card.GetByRole(AriaRole.Listitem).First.GetByRole(AriaRole.Link)).ToHaveAttributeAsync("href", new Regex("^reviews[?]user=[0-9]+$"));
        await visitor.PageIsSoundAsync();
        await visitor.TakePictureAsync("admin-reviews");

        await card.GetByRole(AriaRole.Button, new() { Name = "Keep …" }).ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync(new Regex(@"by author-\w+ \(user \d+\)"));
        var reason = visitor.Page.GetByLabel("Reason (required)");
        foreach (var _ in Enumerable.Range(1, 2))
        {
            await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Keep it" }).ClickAsync();
            await Expect(visitor.Page.GetByText("Required.")).ToBeVisibleAsync();
            await Expect(reason).ToBeFocusedAsync();
        }

        await reason.FillAsync("Harsh, but fair.");
        await visitor.PageIsSoundAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Keep it" }).ClickAsync();

        await Expect(visitor.Page.GetByText("The review stays")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByText("No report waits for a decision.")).ToBeVisibleAsync();
        Assert.Equal("review.kept Harsh, but fair.", await DecidedAsync(review));
    }

    [RequiresFact(Tool.Browser)]
    public async Task Reported_review_is_removed_with_a_reason()
    {
        var review = await AddReviewAsync("Cheap", "Buy at example.com", "spam");
        await using var visitor = await OpenAsync("/reviews", "Reported reviews");

        await Card(visitor, "Cheap").GetByRole(AriaRole.Button, new() { Name = "Remove …" }).ClickAsync();
        await visitor.Page.GetByLabel("Reason").FillAsync("An advertisement.");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Remove it" }).ClickAsync();

        await Expect(visitor.Page.GetByText("The review was removed.")).ToBeVisibleAsync();
        await Expect(Card(visitor, "Cheap")).ToHaveCountAsync(0);
        Assert.Equal("review.removed An advertisement.", await DecidedAsync(review));
        Assert.Equal(0, await site.Api.ScalarAsync<long>($"SELECT count(*) FROM reviews WHERE id = {review}"));
    }

    [RequiresFact(Tool.Browser)]
    public async Task Second_of_two_moderators_who_decide_at_once_is_told_and_keeps_what_was_typed()
    {
        var kept = await AddReviewAsync("Kept", "Body", "spam");
        var removed = await AddReviewAsync("Removed", "Body", "spam");
        await using var visitor = await OpenAsync("/reviews", "Reported reviews");
        using var other = (await site.Api.AddSignedInUserAsync(Roles.Moderator)).Client;
        await Card(visitor, "Kept").GetByRole(AriaRole.Button, new() { Name = "Remove …" }).ClickAsync();
        await visitor.Page.GetByLabel("Reason").FillAsync("I find it bad.");
        await DecideAsync(other, kept, "keep");

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Remove it" }).ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Another moderator has decided meanwhile to keep this review.");
        await Expect(visitor.Page.GetByLabel("Reason")).ToHaveValueAsync("I find it bad.");
        await visitor.PageIsSoundAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(Card(visitor, "Kept")).ToHaveCountAsync(0);

        await Card(visitor, "Removed").GetByRole(AriaRole.Button, new() { Name = "Keep …" }).ClickAsync();
        await visitor.Page.GetByLabel("Reason").FillAsync("Fine.");
        await DecideAsync(other, removed, "remove");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Keep it" }).ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The review is gone");
        Assert.Equal("review.kept Because.", await DecidedAsync(kept));
        Assert.Equal("review.removed Because.", await DecidedAsync(removed));
    }

    [RequiresFact(Tool.Browser)]
    public async Task Restart_of_the_API_and_an_ended_session_lose_no_reason()
    {
        var review = await AddReviewAsync("Patient", "Body", "spam");
        await using var visitor = await OpenAsync("/reviews", "Reported reviews");
        var page = visitor.Page;
        await Card(visitor, "Patient").GetByRole(AriaRole.Button, new() { Name = "Keep …" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("Typed before.");

        await site.StopApiAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Keep it" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The API does not answer.");
        site.StartApi();
        await site.EndSessionsAsync(visitor.Email);
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await page.GetByLabel("Password").FillAsync(SiteFixture.Password);
        await visitor.PageIsSoundAsync();
        await page.GetByLabel("Password").PressAsync("Enter");
        await Expect(page.GetByLabel("Reason")).ToHaveValueAsync("Typed before.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();

        await Expect(page.GetByText("The review stays")).ToBeVisibleAsync();
        Assert.Equal("review.kept Typed before.", await DecidedAsync(review));
    }

    [RequiresFact(Tool.Browser)]
    public async Task Reviews_of_a_movie_and_of_a_user_are_found_and_removed_without_a_report()
    {
        var review = await AddReviewAsync("Unreported", "A phone number.");
        await using var visitor = await OpenAsync("/reviews", "Reported reviews");
        var page = visitor.Page;

        await page.GetByRole(AriaRole.Combobox, new() { Name = "Reviews of a movie" }).PressSequentiallyAsync($"Film Unreported {_id}");
        await page.GetByText($"Film Unreported {_id} (2000, 1 review)").ClickAsync();
        await visitor.IsAtAsync($"Reviews of Film Unreported {_id}");
        await visitor.PageIsSoundAsync();
        await Expect(Card(visitor, "Unreported").GetByRole(AriaRole.Link, new() { Name = "Film Unreported" })).ToHaveAttributeAsync("href", new Regex("^movies/"));
        await Card(visitor, "Unreported").GetByRole(AriaRole.Link, new() { Name = "author-" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Reviews by author-");
        await Card(visitor, "Unreported").GetByRole(AriaRole.Button, new() { Name = "Remove …" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("Private data.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove it" }).ClickAsync();

        await Expect(page.GetByText("No reviews.")).ToBeVisibleAsync();
        Assert.Equal("review.removed Private data.", await DecidedAsync(review));
        await visitor.GoToAsync("/reviews?movie=987654321");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This movie does not exist");
        await visitor.GoToAsync("/reviews?user=nonsense");
        await visitor.IsAtAsync("Reported reviews");
    }

    [RequiresFact(Tool.Browser)]
    public async Task Focus_goes_to_the_next_card_after_a_decision_and_to_the_heading_after_the_last()
    {
        foreach (var title in new[] { "First", "Middle", "Last" })
        {
            await AddReviewAsync(title, "Body", "spam");
        }

        await using var visitor = await OpenAsync("/reviews", "Reported reviews");
        await DecideAsync("First", "Keep …", "Keep it");
        await Expect(Heading("Middle")).ToBeFocusedAsync();
        await DecideAsync("Last", "Remove …", "Remove it");
        await Expect(visitor.Page.Locator("h1")).ToBeFocusedAsync();
        await DecideAsync("Middle", "Remove …", "Remove it");
        await Expect(visitor.Page.GetByText("No report waits for a decision.")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Expect(visitor.Page.Locator("h1")).ToBeFocusedAsync();
        await Expect(visitor.Page.GetByText("No movie is like that.")).ToHaveCountAsync(0);
        await visitor.PageIsSoundAsync();

        ILocator Heading(string title) => visitor.Page.GetByRole(AriaRole.Heading, new() { Name = title });

        async Task DecideAsync(string title, string button, string confirmation)
        {
            await Card(visitor, title).GetByRole(AriaRole.Button, new() { Name = button }).PressEnterAsync();
            await visitor.Page.GetByLabel("Reason").FillAsync("Because.");
            await visitor.Page.GetByRole(AriaRole.Button, new() { Name = confirmation }).PressEnterAsync();
            await Expect(Card(visitor, title)).ToHaveCountAsync(0);
        }
    }

    [RequiresFact(Tool.Browser)]
    public async Task Empty_box_says_nothing_of_movies_or_users()
    {
        await using var visitor = await site.OpenAsync("/reviews");
        await visitor.IsAtAsync("Reported reviews");
        var menu = visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Navigation" });
        foreach (var (label, nothing) in new[] { ("Reviews of a movie", "No movie is like that."), ("Reviews by user", "Nobody is like that.") })
        {
            var box = visitor.Page.GetByRole(AriaRole.Combobox, new() { Name = label });
            await box.ClickAsync();
            // The site answers one event after the other: what the click opens is there before the menu has changed, and the box keeps the focus.
            var isOpen = await menu.GetAttributeAsync("aria-expanded");
            await menu.DispatchEventAsync("click");
            await Expect(menu).ToHaveAttributeAsync("aria-expanded", isOpen == "true" ? "false" : "true");
            await Expect(box).ToHaveAttributeAsync("aria-expanded", "false");
            await Expect(visitor.Page.GetByText(nothing)).ToHaveCountAsync(0);
            await box.PressSequentiallyAsync($"x{_id}");
            await Expect(visitor.Page.GetByText(nothing)).ToBeVisibleAsync();
            await box.FillAsync("");
            await Expect(visitor.Page.GetByText(nothing)).ToHaveCountAsync(0);
        }
    }

    [RequiresFact(Tool.Browser)]
    public async Task Admin_finds_reviews_of_a_user_by_name_and_gets_from_them_to_the_account()
    {
        var review = await AddReviewAsync("Named", "Body");
        await site.Api.ExecuteAsync(
            $"UPDATE users SET display_name = {$"Ann {_id}"} WHERE id = (SELECT user_id FROM reviews WHERE id = {review})");
        await using var visitor = await site.OpenAsync("/reviews");
        var page = visitor.Page;
        await visitor.IsAtAsync("Reported reviews");

        var box = page.GetByRole(AriaRole.Combobox, new() { Name = "Reviews by user" });
        await box.PressSequentiallyAsync($"ann {_id}");
        await page.GetByRole(AriaRole.Option, new() { Name = $"Ann {_id}" }).ClickAsync();
        await visitor.IsAtAsync($"Reviews by Ann {_id}");
        await Expect(page.GetByText("One review.")).ToBeVisibleAsync();
        await visitor.PageIsSoundAsync();
        await page.ReloadAsync();
        await Expect(box).ToHaveValueAsync(new Regex($@"^Ann {_id} \(.*@.*\)$"));
        await box.FillAsync("");
        await visitor.IsAtAsync("Reported reviews");

        await page.GoBackAsync();
        await Card(visitor, "Named").GetByRole(AriaRole.Link, new() { Name = $"Ann {_id}" }).ClickAsync();
        await visitor.IsAtAsync($"Ann {_id}");
        Assert.Contains("/users/", page.Url, StringComparison.Ordinal);
    }

    [RequiresFact(Tool.Browser)]
    public async Task List_keeps_its_links_and_its_name_to_itself_until_the_next_one_is_there()
    {
        var review = await AddReviewAsync("Listed", "Body");
        var user = await site.Api.ScalarAsync<long>($"SELECT user_id FROM reviews WHERE id = {review}");
        var movie = await site.Api.ScalarAsync<long>($"SELECT movie_id FROM reviews WHERE id = {review}");
        await using var visitor = await site.OpenAsync($"/reviews?user={user}");
        var page = visitor.Page;
        await Expect(Card(visitor, "Listed").Locator($"a[href='users/{user}']")).ToBeVisibleAsync();
        using (site.HoldBackAnswers("/api/v1/moderation/reports"))
        {
            await page.GetByRole(AriaRole.Link, new() { Name = "Reported reviews" }).ClickAsync();
            await visitor.IsAtAsync("Reported reviews");
            await Expect(Card(visitor, "Listed").Locator($"a[href='users/{user}']")).ToBeVisibleAsync();
            await page.GoBackAsync();
        }

        await Expect(page.GetByText("One review.")).ToBeVisibleAsync();
        using (site.HoldBackAnswers($"/api/v1/movies/{movie}"))
        {
            await page.EvaluateAsync($"Blazor.navigateTo('reviews?movie={movie}')");
            await visitor.IsAtAsync("Reviews of a movie");
        }

        await visitor.IsAtAsync($"Reviews of Film Listed {_id}");
    }

    [RequiresFact(Tool.Browser)]
    public async Task What_is_typed_as_soon_as_the_page_is_there_is_kept_on_a_slow_connection()
    {
        await AddReviewAsync("Afar", "Body");
        await using var visitor = await site.OpenAsync(null, Roles.Moderator);
        await visitor.SlowDownAsync();
        await visitor.GoToAsync("/reviews");

        var box = visitor.Page.GetByRole(AriaRole.Combobox, new() { Name = "Reviews of a movie" });
        await box.PressSequentiallyAsync($"Film Afar {_id}", new() { Delay = Visitor.TypingDelay });
        await Expect(box).ToHaveValueAsync($"Film Afar {_id}");
        await visitor.Page.GetByText($"Film Afar {_id} (2000, 1 review)").ClickAsync();

        await visitor.IsAtAsync($"Reviews of Film Afar {_id}");
    }

    [RequiresFact(Tool.Browser)]
    public async Task Script_and_other_directions_in_a_review_are_text_on_a_phone_in_the_dark()
    {
        var title = $"<script>alert(1)</script> שלום {new string('y', 60)}";
        await AddReviewAsync(title, $"<img src=x onerror=alert(1)> {new string('x', 2000)} 👩‍👧 مرحبا", "other");
        await using var visitor = await site.OpenAsync(
            "/reviews", Roles.Moderator, new() { ViewportSize = new() { Width = 360, Height = 740 }, ColorScheme = ColorScheme.Dark, ReducedMotion = ReducedMotion.Reduce });

        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = title })).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByText("<img src=x onerror=alert(1)>")).ToBeVisibleAsync();
        await visitor.PageIsSoundAsync();
    }

    [RequiresFact(Tool.Browser)]
    public async Task Reports_of_many_reviews_are_paged_by_the_address()
    {
        for (var i = 0; i < 25; i++)
        {
            await AddReviewAsync($"Review {i:00}", "Body", "spam");
        }

        await using var visitor = await OpenAsync("/reviews", "Reported reviews");
        await Expect(visitor.Page.GetByText("25 reports wait, the oldest first.")).ToBeVisibleAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Next page" }).ClickAsync();
        await Expect(Card(visitor, "Review 24")).ToBeVisibleAsync();
        await Expect(Card(visitor, "Review 00")).ToHaveCountAsync(0);
        await visitor.Page.ReloadAsync();
        await Expect(Card(visitor, "Review 24")).ToBeVisibleAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "First page" }).ClickAsync();
        await Expect(Card(visitor, "Review 00")).ToBeVisibleAsync();
    }

    [RequiresFact(Tool.Browser)]
    public async Task All_reviews_are_read_the_one_added_last_first_and_one_without_a_report_is_removed()
    {
        var review = await AddReviewAsync("Earlier", "Body");
        for (var i = 0; i < 20; i++)
        {
            await AddReviewAsync($"Later {i:00}", "Body", i == 19 ? ["spam"] : []);
        }

        await using var visitor = await OpenAsync("/", "Home");
        var page = visitor.Page;
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "Reviews", Exact = true }).ClickAsync();
        await visitor.IsAtAsync("All reviews");
        await Expect(page.GetByRole(AriaRole.Article).First).ToContainTextAsync("Later 19");
        await Expect(page.GetByText(new Regex(@"^\d+ reviews, the one added last first\.$"))).ToBeVisibleAsync();
        await Expect(Card(visitor, "Earlier")).ToHaveCountAsync(0);
        await visitor.PageIsSoundAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Next page" }).ClickAsync();
        await Card(visitor, "Earlier").GetByRole(AriaRole.Button, new() { Name = "Remove …" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("Not about the movie.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove it" }).ClickAsync();
        await Expect(page.GetByText("The review was removed.")).ToBeVisibleAsync();
        await Expect(Card(visitor, "Earlier")).ToHaveCountAsync(0);
        Assert.Equal("review.removed Not about the movie.", await DecidedAsync(review));

        await page.GetByRole(AriaRole.Link, new() { Name = "Reported reviews" }).ClickAsync();
        await visitor.IsAtAsync("Reported reviews");
        await Expect(page.GetByRole(AriaRole.Article)).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Link, new() { Name = "All reviews" }).ClickAsync();
        await visitor.IsAtAsync("All reviews");
        await Card(visitor, "Later 19").GetByRole(AriaRole.Link, new() { Name = "Film Later 19" }).ClickAsync();
        await visitor.IsAtAsync($"Reviews of Film Later 19 {_id}");
    }

    private static ILocator Card(Visitor visitor, string title) => visitor.Page.GetByRole(AriaRole.Article, new() { Name = title });

    private async Task<Visitor> OpenAsync(string path, string heading)
    {
        var visitor = await site.OpenAsync(path, Roles.Moderator);
        await visitor.IsAtAsync(heading);
        return visitor;
    }

    private async Task<long> AddReviewAsync(string title, string body, params string[] reports)
    {
        var movie = await site.Api.AddMovieAsync($"Film {title} {_id}");
        var author = await site.Api.AddUserAsync($"author-{Guid.NewGuid():N}");
        var review = await site.Api.ScalarAsync<long>(
            $"INSERT INTO reviews (movie_id, user_id, title, body, contains_spoilers) VALUES ({movie}, {author}, {title}, {body}, false) RETURNING id");
        foreach (var reason in reports)
        {
            var reporter = await site.Api.AddUserAsync($"reporter-{Guid.NewGuid():N}");
            await site.Api.ExecuteAsync(
                $"INSERT INTO review_reports (review_id, user_id, reason, comment) VALUES ({review}, {reporter}, {reason}, {$"Comment on {reason}"})");
        }

        return review;
    }

    private async Task DecideAsync(HttpClient moderator, long review, string action)
    {
        var report = await site.Api.ScalarAsync<long>($"SELECT id FROM review_reports WHERE review_id = {review}");
        using var content = new StringContent($$"""{"action":"{{action}}","reason":"Because."}""", null, "application/json");
        using var response = await moderator.PostAsync($"/api/v1/moderation/reports/{report}/resolve", content);
        response.EnsureSuccessStatusCode();
    }

    private Task<string?> DecidedAsync(long review) => site.Api.ScalarAsync<string>(
        $"SELECT string_agg(concat_ws(' ', action, after ->> 'reason'), '|') FROM audit_entries WHERE subject_type = 'review' AND subject_id = {review}");
}
