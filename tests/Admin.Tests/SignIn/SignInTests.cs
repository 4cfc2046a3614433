using System.Collections.Concurrent;
using System.Net;
using System.Text.RegularExpressions;
using MovieAspire.Admin.Tests.Support;
using MovieAspire.Data.Identity;
using MovieAspire.Testing;

namespace MovieAspire.Admin.Tests.SignIn;

public sealed class SignInTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    [RequiresFact(Tool.Browser)]
    public async Task Admin_signs_in_and_out_which_ends_the_session_at_the_API()
    {
        await using var visitor = await site.VisitAsync();
        var email = await site.AddAccountAsync(Roles.Admin);
        await visitor.GoToAsync("/");
        await visitor.IsAtAsync("Sign in");
        await Expect(visitor.Page.GetByLabel("Email")).ToBeFocusedAsync();
        await visitor.PageIsSoundAsync();

        var addresses = new ConcurrentBag<string>();
        site.LosesResponse = request =>
        {
            addresses.Add(request.Headers.TryGetValues("X-Forwarded-For", out var values) ? string.Join(' ', values) : "none");
            return Task.FromResult(false);
        };
        await visitor.SignInAsync(email, SiteFixture.Password);
        await visitor.IsAtAsync("Home");
        await visitor.PageIsSoundAsync();
        // For the audit trail, where the API trusts the site.
        Assert.Equal(["127.0.0.1"], addresses.Distinct());
        Assert.Equal(1, await SessionsAsync(email));
        // As another site would have it done.
        await visitor.Page.EvaluateAsync("fetch('/sign-out', { method: 'POST' })");
        Assert.Equal(1, await SessionsAsync(email));
        Assert.StartsWith("MovieAspire.Admin Mozilla/5.0", await site.Api.ScalarAsync<string>(
            $"SELECT user_agent FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.email = {email}"), StringComparison.Ordinal);

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await visitor.IsAtAsync("Sign in");
        await Expect(visitor.Page.GetByText("You have signed out.")).ToBeVisibleAsync();
        Assert.Equal(0, await SessionsAsync(email));
        await visitor.GoToAsync("/");
        await visitor.IsAtAsync("Sign in");
        Assert.Empty(visitor.Errors);
    }

    [RequiresFact(Tool.Browser)]
    public async Task Cookie_is_for_this_site_and_no_script_and_holds_no_token()
    {
        await using var visitor = await site.SignInAsync(Roles.Moderator);

        var cookie = Assert.Single(await visitor.CookiesAsync(), cookie => cookie.Name == "session");

        Assert.True(cookie.HttpOnly);
        Assert.Equal(SameSiteAttribute.Strict, cookie.SameSite);
        Assert.Equal(-1, cookie.Expires);
        Assert.True(cookie.Value.Length < 400, "It is longer than a key.");
    }

    [RequiresFact(Tool.Browser)]
    public async Task Form_of_before_a_restart_is_answered_with_a_new_one()
    {
        await using var visitor = await site.VisitAsync();
        var email = await site.AddAccountAsync(Roles.Admin);
        await visitor.GoToAsync("/sign-in?returnUrl=/genres");
        // What a restart makes unreadable.
        await visitor.Page.Context.ClearCookiesAsync();
        await SubmitAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The site was restarted");
        await SubmitAsync();
        await visitor.IsAtAsync("Genres");

        async Task SubmitAsync()
        {
            await visitor.Page.GetByLabel("Email").FillAsync(email);
            await visitor.Page.GetByLabel("Password").FillAsync(SiteFixture.Password);
            await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        }
    }

    [RequiresFact(Tool.Browser)]
    public async Task Wrong_password_is_told_and_the_email_stays()
    {
        await using var visitor = await site.VisitAsync();
        var email = await site.AddAccountAsync(Roles.Admin);

        await visitor.SignInAsync(email, "wrong horse battery staple");

        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Email or password is wrong");
        await Expect(visitor.Page.GetByLabel("Email")).ToHaveValueAsync(email);
        await Expect(visitor.Page.GetByLabel("Password")).ToHaveValueAsync("");
        await Expect(visitor.Page.GetByLabel("Password")).ToBeFocusedAsync();
        var heading = (await visitor.Page.GetByRole(AriaRole.Heading).BoundingBoxAsync())!;
        Assert.True((await visitor.Page.GetByRole(AriaRole.Alert).BoundingBoxAsync())!.Y >= heading.Y + heading.Height + 8, "It is tight.");
        await visitor.PageIsSoundAsync();
    }

    [RequiresFact(Tool.Browser)]
    public async Task Second_factor_is_asked_for_and_a_recovery_code_does_once()
    {
        await using var visitor = await site.VisitAsync();
        var email = await site.AddAccountAsync(Roles.Moderator);
        var (key, recoveryCodes) = await site.AddSecondFactorAsync(email);
        var code = visitor.Page.GetByLabel("Code");
        var signIn = visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" });

        await visitor.SignInAsync(email, SiteFixture.Password);
        await Expect(code).ToBeFocusedAsync();
        await Expect(code).ToHaveAccessibleDescriptionAsync(new Regex("^Your account has a second factor"));
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Start again" })).ToHaveAttributeAsync("href", "sign-in?returnUrl=%2F");
        await visitor.PageIsSoundAsync();
        Assert.DoesNotContain(SiteFixture.Password, await visitor.Page.ContentAsync(), StringComparison.Ordinal);
        await code.FillAsync("000000");
        await signIn.ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The code is wrong");
        await code.FillAsync(Authenticator.CodeOf(key).Insert(3, " "));
        // A second time, the API would refuse the code.
        await signIn.DblClickAsync();
        await visitor.IsAtAsync("Home");
        Assert.Equal(1, await SessionsAsync(email));

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await visitor.IsAtAsync("Sign in");
        await visitor.SignInAsync(email, SiteFixture.Password);
        await code.FillAsync(recoveryCodes[0].ToLowerInvariant().Replace('-', ' '));
        await signIn.ClickAsync();
        await visitor.IsAtAsync("Home");
    }

    [RequiresFact(Tool.Browser)]
    public async Task Ordinary_user_is_refused_and_keeps_no_session()
    {
        await using var visitor = await site.VisitAsync();
        var email = await site.AddAccountAsync();

        await visitor.SignInAsync(email, SiteFixture.Password);

        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("for moderators and admins");
        Assert.Equal(0, await SessionsAsync(email));
        Assert.DoesNotContain(await visitor.CookiesAsync(), cookie => cookie.Name == "session");
    }

    [RequiresFact(Tool.Browser)]
    public async Task Page_that_was_asked_for_follows_the_sign_in_but_no_other_site_does()
    {
        await using var visitor = await site.VisitAsync();
        var email = await site.AddAccountAsync(Roles.Admin);
        await visitor.GoToAsync("/nothing-here");
        await FillInAsync(visitor, email);
        await visitor.IsAtAsync("Nothing here");

        await using var other = await site.VisitAsync();
        await other.GoToAsync("/sign-in?returnUrl=//example.com/");
        await FillInAsync(other, email);
        await other.IsAtAsync("Home");
    }

    [Fact]
    public async Task Pages_carry_strict_headers_and_sign_out_needs_a_token()
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = site.Address };

        using var page = await client.GetAsync("/sign-in");
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Equal(
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
            + "connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'",
            policy);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
        using var anonymous = await client.GetAsync("/_blazor/negotiate");
        Assert.Equal(HttpStatusCode.Redirect, anonymous.StatusCode);
        using var health = await client.GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    private Task<long> SessionsAsync(string email) =>
        site.Api.ScalarAsync<long>($"SELECT count(*) FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.email = {email}");

    private static async Task FillInAsync(Visitor visitor, string email)
    {
        await visitor.Page.GetByLabel("Email").FillAsync(email);
        await visitor.Page.GetByLabel("Password").FillAsync(SiteFixture.Password);
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }
}
