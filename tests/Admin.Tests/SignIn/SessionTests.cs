using System.Net;
using System.Text.RegularExpressions;
using MovieAspire.Admin.Tests.Support;
using MovieAspire.Testing;

namespace MovieAspire.Admin.Tests.SignIn;

/// <summary>A form that is open while its session, its token, the API or the connection goes away: nothing typed is lost.</summary>
public sealed class SessionTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [RequiresFact(Tool.Browser)]
    public async Task Session_that_was_ended_elsewhere_goes_on_in_place()
    {
        await using var visitor = await site.OpenAsync(null);
        var id = await FillInAsync(visitor, "Ended elsewhere");
        await site.EndSessionsAsync(visitor.Email);

        await SaveAsync(visitor);
        var dialog = visitor.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync($"Sign in as {visitor.Email}");
        await visitor.PageIsSoundAsync();
        await dialog.GetByLabel("Password").FillAsync("wrong");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Email or password is wrong");
        await dialog.GetByLabel("Password").FillAsync(SiteFixture.Password);
        await dialog.GetByLabel("Password").PressAsync("Enter");
        await Expect(dialog).ToBeHiddenAsync();

        await Expect(visitor.Page.GetByLabel("Director")).ToHaveValueAsync("Typed before");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await IsSavedAsync(id);
    }

    [RequiresFact(Tool.Browser)]
    public async Task Ended_session_is_told_in_every_tab_and_opens_no_page()
    {
        await using var visitor = await site.OpenAsync(null);
        await FillInAsync(visitor, "Two tabs");
        var first = visitor.Page;
        var second = await visitor.OpenTabAsync();
        await visitor.GoToAsync("/movies");
        await visitor.IsAtAsync("Movies");
        await site.EndSessionsAsync(visitor.Email);

        await first.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(first.GetByRole(AriaRole.Dialog)).ToContainTextAsync("You have been signed out");
        await Expect(second.GetByRole(AriaRole.Dialog)).ToContainTextAsync("You have been signed out");
        await visitor.GoToAsync("/movies");
        await visitor.IsAtAsync("Sign in");

        // Signing out of what has ended leads nowhere else after the next sign-in.
        await first.GetByRole(AriaRole.Button, new() { Name = "Not now" }).ClickAsync();
        await first.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(first.GetByText("You have signed out.")).ToBeVisibleAsync();
    }

    [RequiresFact(Tool.Browser)]
    public async Task Signing_out_in_one_tab_is_told_in_the_others_even_where_the_API_is_not()
    {
        await using var visitor = await site.OpenAsync(null);
        var id = await FillInAsync(visitor, "Other tab");
        var first = visitor.Page;
        var second = await visitor.OpenTabAsync();
        await visitor.GoToAsync("/movies");
        await visitor.IsAtAsync("Movies");
        await site.StopApiAsync();

        await second.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(second.GetByText("You have signed out.")).ToBeVisibleAsync();
        site.StartApi();

        await first.GetByLabel("Password").FillAsync(SiteFixture.Password);
        await first.GetByLabel("Password").PressAsync("Enter");
        await Expect(first.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await first.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await IsSavedAsync(id);
    }

    [RequiresFact(Tool.Browser)]
    public async Task Signing_in_again_after_signing_out_in_another_tab_lasts_over_a_reload()
    {
        await using var visitor = await site.VisitAsync();
        visitor.Email = await site.AddAccountAsync("admin");
        var (_, recoveryCodes) = await site.AddSecondFactorAsync(visitor.Email);
        await visitor.SignInAsync(visitor.Email, SiteFixture.Password);
        await visitor.Page.GetByLabel("Code").FillAsync(recoveryCodes[0]);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await visitor.IsAtAsync("Home");
        var before = await CookieAsync(visitor);
        var id = await FillInAsync(visitor, "Kept cookie");
        var first = visitor.Page;
        var second = await visitor.OpenTabAsync();
        await visitor.GoToAsync("/movies");
        await second.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(second.GetByText("You have signed out.")).ToBeVisibleAsync();

        var dialog = first.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("You have signed out in this browser, in another tab.");
        await Expect(first.Locator("main")).ToBeHiddenAsync();
        await first.Keyboard.PressAsync("Escape");
        await dialog.GetByLabel("Password").FillAsync(SiteFixture.Password);
        await dialog.GetByLabel("Password").PressAsync("Enter");
        var code = dialog.GetByLabel("Code");
        await Expect(code).ToBeFocusedAsync();
        await Expect(code).ToHaveAccessibleDescriptionAsync(new Regex("^Your account has a second factor"));
        await code.FillAsync(recoveryCodes[1]);
        await code.PressAsync("Enter");
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(first.GetByLabel("Director")).ToHaveValueAsync("Typed before");
        await first.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await IsSavedAsync(id);
        await first.ReloadAsync();

        await Expect(first.GetByRole(AriaRole.Heading, new() { Name = "Kept cookie" })).ToBeVisibleAsync();
        Assert.NotEqual(before, await CookieAsync(visitor));
        // What was signed out opens nothing, even though its session goes on.
        await using var other = await site.VisitAsync();
        await other.AddCookieAsync("session", before);
        await other.GoToAsync("/movies");
        await other.IsAtAsync("Sign in");
    }

    [RequiresFact(Tool.Browser)]
    public async Task Cookie_of_a_page_that_signs_in_again_is_for_its_own_request_only()
    {
        await using var visitor = await site.OpenAsync(null);
        await FillInAsync(visitor, "Stolen offer");
        var first = visitor.Page;
        var second = await visitor.OpenTabAsync();
        await visitor.GoToAsync("/movies");
        await second.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        await first.RouteAsync("**/sign-in/keep", async route =>
        {
            // Another site would have no antiforgery token.
            using var client = new HttpClient { BaseAddress = site.Address };
            client.DefaultRequestHeaders.Add("Offer", route.Request.Headers["offer"]);
            answer.SetResult(await client.PostAsync("/sign-in/keep", null));
            await route.ContinueAsync();
        });

        await first.GetByLabel("Password").FillAsync(SiteFixture.Password);
        await first.GetByLabel("Password").PressAsync("Enter");
        await Expect(first.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);

        using var refused = await answer.Task;
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.False(refused.Headers.Contains("Set-Cookie"));
        // An offer is good once; the page goes on without a cookie.
        Assert.DoesNotContain(await visitor.CookiesAsync(), cookie => cookie.Name == "session");
        await Expect(first.GetByLabel("Director")).ToHaveValueAsync("Typed before");
    }

    [RequiresFact(Tool.Browser)]
    public async Task Token_that_expires_under_a_form_is_renewed_unseen()
    {
        await using var visitor = await site.OpenAsync(null);
        var id = await FillInAsync(visitor, "Expired");

        site.Clock.Advance(TimeSpan.FromMinutes(20));
        await SaveAsync(visitor);

        await IsSavedAsync(id);
        Assert.Equal(1, await site.Api.ScalarAsync<int>(
            $"SELECT refreshes FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.email = {visitor.Email}"));
    }

    [RequiresFact(Tool.Browser)]
    public async Task Restart_of_the_API_is_told_and_survived()
    {
        await using var visitor = await site.OpenAsync(null);
        var id = await FillInAsync(visitor, "Restart");

        await site.StopApiAsync();
        await SaveAsync(visitor);
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The API does not answer.");
        await visitor.PageIsSoundAsync();
        site.StartApi();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();

        await IsSavedAsync(id);
    }

    [RequiresFact(Tool.Browser)]
    public async Task Lost_connection_is_told_and_the_page_goes_on()
    {
        await using var visitor = await site.OpenAsync(null);
        List<IWebSocketRoute> connections = [];
        var isCut = false;
        await visitor.Page.RouteWebSocketAsync(new Regex("/_blazor"), async connection =>
        {
            if (isCut)
            {
                await connection.CloseAsync();
                return;
            }

            connections.Add(connection);
            connection.ConnectToServer();
        });
        var id = await FillInAsync(visitor, "Connection");

        isCut = true;
        await connections[^1].CloseAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("What you typed is still there.");
        isCut = false;
        await Expect(visitor.Page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
        await SaveAsync(visitor);

        await IsSavedAsync(id);
    }

    [RequiresFact(Tool.Browser)]
    public async Task Role_that_changed_meanwhile_holds_after_signing_in_again_in_place()
    {
        await using var visitor = await site.OpenAsync(null);
        var id = await FillInAsync(visitor, "Other role");
        var page = visitor.Page;
        var save = page.GetByRole(AriaRole.Button, new() { Name = "Save" });
        await SetRoleAsync("moderator");

        await save.ClickAsync();
        await SignInAgainAsync();
        // What was typed is there to be copied.
        await Expect(page.GetByText("Only admins change movies.")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Director")).ToHaveValueAsync("Typed before");
        await Expect(visitor.InMenu("Users")).ToHaveCountAsync(0);
        var other = await visitor.OpenTabAsync();
        await visitor.GoToAsync("/users");
        await visitor.IsAtAsync("Not for your role");

        await SetRoleAsync("admin");
        await visitor.InMenu("Home").ClickAsync();
        await SignInAgainAsync();
        await visitor.InMenu("Users").ClickAsync();
        await visitor.IsAtAsync("Users");
        await Expect(page.GetByText("Only admins change movies.")).ToHaveCountAsync(0);
        await save.ClickAsync();
        await IsSavedAsync(id);

        async Task SignInAgainAsync()
        {
            var dialog = visitor.Page.GetByRole(AriaRole.Dialog);
            await dialog.GetByLabel("Password").FillAsync(SiteFixture.Password);
            await dialog.GetByLabel("Password").PressAsync("Enter");
            await Expect(dialog).ToHaveCountAsync(0);
        }

        async Task SetRoleAsync(string role)
        {
            await site.Api.ExecuteAsync(
                $"""
                UPDATE user_roles SET role_id = (SELECT id FROM roles WHERE name = {role})
                WHERE user_id = (SELECT id FROM users WHERE email = {visitor.Email}) AND role_id IN (SELECT id FROM roles WHERE name <> 'user')
                """);
            await site.EndSessionsAsync(visitor.Email);
        }
    }

    private static async Task<string> CookieAsync(Visitor visitor) =>
        (await visitor.CookiesAsync()).Single(cookie => cookie.Name == "session").Value;

    private async Task<long> FillInAsync(Visitor visitor, string title)
    {
        var id = await site.Api.AddMovieAsync(title);
        await visitor.GoToAsync($"/movies/{id}");
        await visitor.IsAtAsync(title);
        await visitor.Page.GetByLabel("Director").FillAsync("Typed before");
        return id;
    }

    private static Task SaveAsync(Visitor visitor) =>
        visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();

    private Task IsSavedAsync(long id) => Eventually.HoldsAsync(
        async () => await site.Api.ScalarAsync<string>($"SELECT director FROM movies WHERE id = {id}") == "Typed before", "the movie is saved");
}
