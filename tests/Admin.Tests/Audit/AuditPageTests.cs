using System.Net.Http.Json;
using System.Text.RegularExpressions;
using MovieAspire.Admin.Tests.Support;
using MovieAspire.Data.Identity;
using MovieAspire.Testing;

namespace MovieAspire.Admin.Tests.Audit;

public sealed class AuditPageTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [RequiresFact(Tool.Browser)]
    public async Task Acts_are_shown_with_who_when_where_and_the_values_before_and_after()
    {
        var admin = await site.Api.AddSignedInUserAsync(Roles.Admin);
        await site.Api.ExecuteAsync($"UPDATE users SET display_name = 'Ann' WHERE id = {admin.Id}");
        var title = $"<script>alert(1)</script> {Guid.NewGuid():N}";
        List<string> genres = ["Crime", "Heist"];
        using var created = await admin.Client.PostAsJsonAsync("/api/v1/movies", new { title, releaseDate = "1995-12-15", genres });
        var movie = long.Parse(created.Headers.Location!.ToString().Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture);
        using var patch = JsonContent.Create(new { runtimeMinutes = 170, releaseDate = "1995-12-16", imdbRating = 8.3, director = "Ann" });
        patch.Headers.ContentType = new("application/merge-patch+json");
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"/api/v1/movies/{movie}") { Content = patch, Headers = { { "If-Match", "*" } } };
        using var patched = await admin.Client.SendAsync(request);
        Assert.True(patched.IsSuccessStatusCode);

        await using var visitor = await site.OpenAsync("/");
        var page = visitor.Page;
        await visitor.InMenu("Audit").ClickAsync();
        await visitor.IsAtAsync("Audit");
        await visitor.GoToAsync($"/audit?subjectType=movie&subjectId={movie}");
        var change = page.GetByRole(AriaRole.Article, new() { Name = $"Movie changed: {title} (movie {movie})" });
        await Expect(change).ToContainTextAsync($"by Ann (user {admin.Id}), from 127.0.0.1");
        await Expect(Values(change, "Running time in minutes")).ToHaveTextAsync(["", "170"]);
        await Expect(Values(change, "Release date")).ToHaveTextAsync(["1995-12-15", "1995-12-16"]);
        await Expect(Values(change, "IMDb rating")).ToHaveTextAsync(["", "8.3"]);
        var creation = page.GetByRole(AriaRole.Article, new() { Name = $"Movie created: {title} (movie {movie})" });
        await Expect(creation).ToContainTextAsync(title);
        await Expect(page.GetByText("they are entries of their own")).ToBeVisibleAsync();
        await Expect(Values(creation, "Genres")).ToHaveTextAsync(["", "Crime, Heist"]);
        await visitor.PageIsSoundAsync();
        await visitor.TakePictureAsync("admin-audit");
    }

    [RequiresFact(Tool.Browser)]
    public async Task Filters_are_in_the_address_and_pages_go_on_with_them()
    {
        var admin = await site.Api.AddSignedInUserAsync(Roles.Admin);
        for (var i = 0; i < 55; i++)
        {
            await site.Api.ExecuteAsync(
                $"""
                INSERT INTO audit_entries (created_at, actor_id, action, subject_type, subject_id)
                VALUES ({new DateTimeOffset(2020, 1, 1, 23, 59, 59, TimeSpan.Zero).AddDays(i % 5)}, {admin.Id}, {(i % 2 == 0 ? "user.locked" : "user.unlocked")}, 'user', {i + 1})
                """);
        }

        await using var visitor = await site.OpenAsync($"/audit?actorId={admin.Id}");
        var page = visitor.Page;
        await Expect(page.GetByRole(AriaRole.Article)).ToHaveCountAsync(50);
        await page.GetByRole(AriaRole.Link, new() { Name = "Older" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Article)).ToHaveCountAsync(5);
        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Article)).ToHaveCountAsync(5);

        await page.GetByLabel("From (UTC)").FillAsync("2020-01-02");
        await page.GetByLabel("From (UTC)").PressAsync("Tab");
        await page.GetByLabel("To (UTC)").FillAsync("2020-01-02");
        await page.GetByLabel("To (UTC)").PressAsync("Tab");
        await Expect(page.GetByRole(AriaRole.Article)).ToHaveCountAsync(11);
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Act" }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "Account unlocked" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Article)).ToHaveCountAsync(6);
        await visitor.PageIsSoundAsync();
        foreach (var part in new[] { $"actorId={admin.Id}", "from=2020-01-02", "to=2020-01-02", "action=user.unlocked" })
        {
            Assert.Contains(part, page.Url, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("cursor", page.Url, StringComparison.Ordinal);
        await visitor.GoToAsync("/audit?subjectType=nonsense&subjectId=x&from=yesterday&cursor=x");
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
    }

    [RequiresFact(Tool.Browser)]
    public async Task Subjects_are_named_and_lead_to_their_pages()
    {
        var (admin, user) = (await site.Api.AddSignedInUserAsync(Roles.Admin), await site.Api.AddSignedInUserAsync());
        var id = $"{Guid.NewGuid():N}"[..8];
        await site.Api.ExecuteAsync($"UPDATE users SET display_name = {$"Ann {id}"} WHERE id = {user.Id}");
        var movie = await site.Api.AddMovieAsync($"Film {id}");
        using var posted = await user.Client.PostAsJsonAsync($"/api/v1/movies/{movie}/reviews", new { title = "My words", body = "My words" });
        var review = posted.Headers.Location!.ToString().Split('/')[^1];
        using var removed = await admin.Client.PostAsJsonAsync($"/api/v1/moderation/reviews/{review}/remove", new { reason = "Because." });
        using var promoted = await admin.Client.PutAsync($"/api/v1/admin/users/{user.Id}/roles/moderator", null);

        await using var visitor = await site.OpenAsync($"/audit?actorId={admin.Id}");
        var page = visitor.Page;
        var removal = page.GetByRole(AriaRole.Article, new() { Name = $"Review removed: review {review} of Film {id}" });
        await Expect(Values(removal, "Movie")).ToHaveTextAsync([$"Film {id} (movie {movie})", ""]);
        await Expect(removal.GetByRole(AriaRole.Link, new() { Name = $"Film {id}" })).ToHaveAttributeAsync("href", $"movies/{movie}");
        await Expect(removal.GetByRole(AriaRole.Link, new() { Name = $"user {user.Id}" })).ToHaveAttributeAsync("href", $"users/{user.Id}");
        await Expect(removal).Not.ToContainTextAsync("My words");
        await visitor.PageIsSoundAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = $"Ann {id} (user {user.Id})" }).ClickAsync();
        await visitor.IsAtAsync($"Ann {id}");

        using var left = await user.Client.DeleteAsync("/api/v1/me");
        await visitor.GoToAsync($"/audit?actorId={admin.Id}&subjectType=user");
        var promotion = page.GetByRole(AriaRole.Article, new() { Name = $"Role given: user {user.Id}" });
        await Expect(promotion).ToBeVisibleAsync();
        await Expect(promotion.GetByRole(AriaRole.Heading).GetByRole(AriaRole.Link)).ToHaveCountAsync(0);
    }

    [RequiresFact(Tool.Browser)]
    public async Task Acts_of_a_user_are_found_by_name_or_email_and_those_of_a_deleted_one_by_number()
    {
        var (ann, gone) = (await site.Api.AddSignedInUserAsync(Roles.Admin), await site.Api.AddSignedInUserAsync(Roles.Admin));
        var id = $"{Guid.NewGuid():N}"[..8];
        await site.Api.ExecuteAsync($"UPDATE users SET display_name = {$"Ann {id}"} WHERE id = {ann.Id}");
        foreach (var client in new[] { ann.Client, gone.Client })
        {
            using var genre = await client.PostAsJsonAsync("/api/v1/genres", new { name = $"Genre {Guid.NewGuid():N}" });
        }

        using var left = await gone.Client.DeleteAsync("/api/v1/me");
        await using var visitor = await site.OpenAsync("/audit");
        var page = visitor.Page;
        var box = page.GetByRole(AriaRole.Combobox, new() { Name = "By user" });
        await box.PressSequentiallyAsync($"ann {id}");
        await page.GetByRole(AriaRole.Option, new() { Name = $"Ann {id}" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Article)).ToHaveCountAsync(1);
        await Expect(page.GetByRole(AriaRole.Article)).ToContainTextAsync($"by Ann {id}");
        Assert.Contains($"actorId={ann.Id}", page.Url, StringComparison.Ordinal);
        await page.ReloadAsync();
        await Expect(box).ToHaveValueAsync(new Regex($@"^Ann {id} \(.*@.*\)$"));

        await box.FillAsync($"x{id}");
        await Expect(page.GetByText("Nobody is like that.")).ToBeVisibleAsync();
        await box.FillAsync($"{gone.Id}");
        await page.GetByRole(AriaRole.Option, new() { Name = $"user {gone.Id}", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Article)).ToHaveCountAsync(1);
        await Expect(page.GetByRole(AriaRole.Article)).ToContainTextAsync($"an account that is deleted ({gone.Id})");
        Assert.Contains($"actorId={gone.Id}", page.Url, StringComparison.Ordinal);
        await page.ReloadAsync();
        await Expect(box).ToHaveValueAsync($"user {gone.Id}");
        await visitor.PageIsSoundAsync();
    }

    [RequiresFact(Tool.Browser)]
    public async Task Number_is_typed_where_the_kind_is_chosen_and_letters_are_refused()
    {
        var genre = await site.Api.ScalarAsync<long>(
            $"INSERT INTO audit_entries (action, subject_type, subject_id) VALUES ('genre.deleted', 'genre', 987654) RETURNING subject_id");
        await using var visitor = await site.OpenAsync("/audit");
        var page = visitor.Page;
        var box = page.GetByLabel("Number of the genre");
        await Expect(page.GetByRole(AriaRole.Combobox, new() { Name = "On" })).ToBeVisibleAsync();
        await Expect(box).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Combobox, new() { Name = "On" }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "Genres" }).ClickAsync();
        await box.FillAsync("Crime");
        await box.PressAsync("Tab");
        await Expect(page.GetByText("A whole number.")).ToBeVisibleAsync();
        await visitor.PageIsSoundAsync();
        await box.FillAsync($" {genre}");
        await box.PressAsync("Tab");
        await Expect(page).ToHaveURLAsync(new Regex($"subjectId={genre}"));
        await Expect(page.GetByRole(AriaRole.Article)).ToHaveCountAsync(1);
        await Expect(page.GetByText("A whole number.")).ToHaveCountAsync(0);
    }

    [RequiresFact(Tool.Browser)]
    public async Task Day_that_no_calendar_has_is_told()
    {
        await using var visitor = await site.OpenAsync("/audit");
        var page = visitor.Page;
        var control = page.Locator(".mud-input-control", new() { Has = page.GetByLabel("From (UTC)") });

        await page.GetByLabel("From (UTC)").PressSequentiallyAsync("02302020");
        Assert.Equal("none", await HintAsync());
        await page.GetByLabel("To (UTC)").FocusAsync();
        Assert.Equal("\"No date: the day is missing, or not on the calendar.\"", await HintAsync());
        await page.GetByLabel("From (UTC)").FillAsync("2020-02-29");
        await page.GetByLabel("To (UTC)").FocusAsync();
        Assert.Equal("none", await HintAsync());

        Task<string> HintAsync() => control.EvaluateAsync<string>("control => getComputedStyle(control, '::after').content");
    }

    [RequiresFact(Tool.Browser)]
    public async Task Date_that_is_half_typed_filters_nothing_and_stays()
    {
        await using var visitor = await site.OpenAsync("/audit?from=2020-03-24");
        var box = visitor.Page.GetByLabel("From (UTC)");

        await box.PressAsync("0");
        await Expect(visitor.Page).ToHaveURLAsync(new Regex("/audit$"));
        await visitor.Page.Keyboard.PressAsync("2");
        await Expect(box).ToHaveValueAsync("2020-02-24");
        await Expect(visitor.Page).ToHaveURLAsync(new Regex("from=2020-02-24$"));
    }

    [RequiresFact(Tool.Browser)]
    public async Task Name_of_a_user_is_typed_on_a_slow_connection()
    {
        var user = await site.Api.AddSignedInUserAsync();
        var name = $"Ann {Guid.NewGuid():N}"[..12];
        await site.Api.ExecuteAsync($"UPDATE users SET display_name = {name} WHERE id = {user.Id}");
        await using var visitor = await site.OpenAsync(null);
        await visitor.SlowDownAsync();
        await visitor.GoToAsync("/audit");

        var box = visitor.Page.GetByRole(AriaRole.Combobox, new() { Name = "By user" });
        await box.PressSequentiallyAsync(name, new() { Delay = Visitor.TypingDelay });
        await Expect(box).ToHaveValueAsync(name);
        await visitor.Page.GetByRole(AriaRole.Option, new() { Name = name }).ClickAsync();

        await Expect(visitor.Page).ToHaveURLAsync(new Regex($"actorId={user.Id}"));
        await Expect(visitor.Page.GetByText("Nobody did anything like that.")).ToBeVisibleAsync();
        await Expect(box).ToHaveValueAsync(new Regex($"^{name} "));
    }

    [RequiresFact(Tool.Browser)]
    public async Task Trail_is_read_on_a_phone_in_the_dark()
    {
        var admin = await site.Api.AddSignedInUserAsync(Roles.Admin);
        using var genre = await admin.Client.PostAsJsonAsync("/api/v1/genres", new { name = $"{new string('W', 30)} {Guid.NewGuid():N}"[..50] });
        await using var visitor = await site.OpenAsync(
            $"/audit?actorId={admin.Id}", Roles.Admin, new() { ViewportSize = new() { Width = 360, Height = 740 }, ColorScheme = ColorScheme.Dark, ReducedMotion = ReducedMotion.Reduce });

        await Expect(visitor.Page.GetByRole(AriaRole.Article)).ToContainTextAsync("Genre created");
        await visitor.PageIsSoundAsync();
    }

    private static ILocator Values(ILocator entry, string name) => entry.GetByRole(AriaRole.Row, new() { Name = name }).GetByRole(AriaRole.Cell);
}
