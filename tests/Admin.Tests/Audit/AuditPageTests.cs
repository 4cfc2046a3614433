using System.Net.Http.Json;
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
        var change = page.GetByRole(AriaRole.Article, new() { Name = $"Movie changed: movie {movie}" });
        await Expect(change).ToContainTextAsync("by Ann, from 127.0.0.1");
        await Expect(Values(change, "Runtime minutes")).ToHaveTextAsync(["", "170"]);
        await Expect(Values(change, "Release date")).ToHaveTextAsync(["1995-12-15", "1995-12-16"]);
        await Expect(Values(change, "Imdb rating")).ToHaveTextAsync(["", "8.3"]);
        var creation = page.GetByRole(AriaRole.Article, new() { Name = $"Movie created: movie {movie}" });
        await Expect(creation).ToContainTextAsync(title);
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
