using MovieAspire.Admin.Tests.Support;
using MovieAspire.Data.Identity;
using MovieAspire.Testing;

namespace MovieAspire.Admin.Tests.Home;

public sealed class HomePageTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [RequiresFact(Tool.Browser)]
    public async Task Page_tells_what_there_is_in_charts_and_in_tables()
    {
        var email = await site.AddAccountAsync();
        await site.Api.ExecuteAsync(
            $"""
            WITH added AS (INSERT INTO movies (title, release_date) SELECT 'Counted ' || n, '2001-02-03' FROM generate_series(1, 60) n RETURNING id)
            INSERT INTO ratings (user_id, movie_id, value, created_at)
            SELECT u.id, m.id, (ARRAY[8, 7, 9, 6, 8, 10, 7, 5, 8, 9, 3, 7])[1 + m.n % 12], now() - m.n * m.n % 29 * interval '1 day'
            FROM users u, (SELECT id, row_number() OVER () AS n FROM added) m WHERE u.email = {email}
            """);
        await site.Api.ExecuteAsync(
            $$"""
            INSERT INTO audit_entries (action, subject_type, subject_id, after) VALUES
            ('database.backedUp', 'database', 0, '{"file": "moviedb-1.dump", "bytes": 1448000}'),
            ('database.backedUp', 'database', 0, '{"file": "moviedb-2.dump", "bytes": 1449000, "reason": "before migration Counted (up)"}')
            """);
        var ann = await site.Api.AddUserAsync("Ann");
        await site.Api.ExecuteAsync(
            $$"""
            INSERT INTO audit_entries (actor_id, action, subject_type, subject_id, after)
            VALUES ({{ann}}, 'movies.imported', 'catalog', 0, '{"created": 7, "updated": 6, "unchanged": 5, "rejected": 4}')
            """);
        await using var visitor = await site.SignInAsync();

        await Expect(visitor.Page.Locator(".counts")).ToContainTextAsync("Ratings60");
        var backups = visitor.Page.GetByRole(AriaRole.Table, new() { Name = "Latest backups" });
        await Expect(backups.GetByRole(AriaRole.Row, new() { Name = "moviedb-2.dump 1.4 MB before migration Counted (up)" }))
            .ToBeVisibleAsync();
        await Expect(backups.GetByRole(AriaRole.Row, new() { Name = "moviedb-1.dump 1.4 MB by hand or on a schedule" })).ToBeVisibleAsync();
        await Expect(Import(visitor)).ToContainTextAsync($"Ann (user {ann}) 7 6 5 4");
        await Expect(Import(visitor).GetByRole(AriaRole.Link)).ToHaveAttributeAsync("href", $"users/{ann}");
        await visitor.PageIsSoundAsync();
        await visitor.TakePictureAsync("admin-home");
        var chart = visitor.Page.GetByRole(AriaRole.Figure, new() { Name = "How movies are rated" });
        await Expect(chart.Locator("svg")).ToBeVisibleAsync();
        await Expect(chart.Locator("svg").First).ToContainTextAsync("Ratings");
        await Expect(chart.GetByText("Rating", new() { Exact = true }).First).ToBeVisibleAsync();
        await chart.GetByText("As a table").ClickAsync();
        await Expect(chart.GetByRole(AriaRole.Row, new() { Name = "8 15", Exact = true })).ToBeVisibleAsync();
        await visitor.PageIsSoundAsync();

        await using var small = await site.SignInAsync(
            Roles.Moderator, new() { ViewportSize = new() { Width = 360, Height = 740 }, ColorScheme = ColorScheme.Dark });
        await Expect(small.Page.Locator(".counts")).ToContainTextAsync("Ratings60");
        await Expect(Import(small)).ToContainTextAsync($"Ann (user {ann})");
        await Expect(Import(small).GetByRole(AriaRole.Link)).ToHaveCountAsync(0);
        await small.PageIsSoundAsync();

        static ILocator Import(Visitor visitor) =>
            visitor.Page.GetByRole(AriaRole.Table, new() { Name = "Latest imports" }).GetByRole(AriaRole.Row).Last;
    }
}
