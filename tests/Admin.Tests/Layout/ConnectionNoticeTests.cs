using MovieAspire.Admin.Tests.Support;
using MovieAspire.Testing;

namespace MovieAspire.Admin.Tests.Layout;

/// <summary>What a page tells whose connection to the site is lost.</summary>
public sealed class ConnectionNoticeTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [RequiresFact(Tool.Browser)]
    public async Task Restart_of_the_site_is_told_and_what_was_typed_stays_until_one_signs_in()
    {
        var id = await site.Api.AddMovieAsync("Restarted");
        await using var visitor = await site.OpenAsync($"/movies/{id}");
        var page = visitor.Page;
        await visitor.IsAtAsync("Restarted");
        await page.GetByLabel("Director").FillAsync("Typed before");

        await site.RestartAsync();
        var notice = page.GetByRole(AriaRole.Dialog, new() { Name = "The connection is lost" });
        await Expect(notice.GetByText("You are not signed in any more")).ToBeVisibleAsync();
        await notice.GetByRole(AriaRole.Button, new() { Name = "Look at the page" }).ClickAsync();
        await Expect(notice).ToBeHiddenAsync();
        await Expect(page.GetByLabel("Director")).ToHaveValueAsync("Typed before");
    }

    [RequiresFact(Tool.Browser)]
    public async Task Sign_in_after_a_restart_of_the_site_leads_back_to_the_page()
    {
        var id = await site.Api.AddMovieAsync("Back again");
        await using var visitor = await site.OpenAsync($"/movies/{id}");
        await visitor.IsAtAsync("Back again");

        await site.RestartAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await visitor.Page.GetByLabel("Email").FillAsync(visitor.Email);
        await visitor.Page.GetByLabel("Password").FillAsync(SiteFixture.Password);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        await visitor.IsAtAsync("Back again");
    }
}
