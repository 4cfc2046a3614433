using System.Text.RegularExpressions;
using MovieAspire.Admin.Tests.Support;
using MovieAspire.Data.Identity;
using MovieAspire.Testing;

namespace MovieAspire.Admin.Tests.Users;

public sealed class UserPageTests(SiteFixture site) : IClassFixture<SiteFixture>
{
    private readonly string _name = $"person-{Guid.NewGuid():N}"[..16];

    [RequiresFact(Tool.Browser)]
    public async Task User_is_found_and_gets_and_loses_a_role()
    {
        var id = await site.Api.AddUserAsync(_name);
        await using var visitor = await site.OpenAsync("/");
        var page = visitor.Page;
        await visitor.InMenu("Users").ClickAsync();
        await visitor.IsAtAsync("Users");
        await page.GetByLabel("Search email and name").FillAsync(_name.ToUpperInvariant());
        await Expect(page.GetByText("One user.")).ToBeVisibleAsync();
        await visitor.PageIsSoundAsync();
        Assert.Contains($"search={_name.ToUpperInvariant()}", page.Url, StringComparison.Ordinal);

        await page.GetByRole(AriaRole.Link, new() { Name = _name }).ClickAsync();
        await visitor.IsAtAsync(_name);
        await visitor.PageIsSoundAsync();
        await ActAsync(page, "Give the role moderator …", "Give the role");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Take the role moderator …" })).ToBeVisibleAsync();
        Assert.Equal("moderator", await RoleAsync(id));
        await ActAsync(page, "Take the role moderator …", "Take the role");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Give the role moderator …" })).ToBeVisibleAsync();
        Assert.Null(await RoleAsync(id));

        await page.GetByRole(AriaRole.Button, new() { Name = "Give the role admin …" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync($"\u2068{_name}\u2069 (\u2068{EmailOf(_name)}\u2069) can then do all that you can");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        Assert.Null(await RoleAsync(id));
        await page.GetByRole(AriaRole.Link, new() { Name = "Back to the list" }).ClickAsync();
        await visitor.IsAtAsync("Users");
        await Expect(page.GetByText("One user.")).ToBeVisibleAsync();
    }

    [RequiresFact(Tool.Browser)]
    public async Task Account_that_was_left_before_it_was_there_takes_no_place_of_the_next()
    {
        var left = await site.Api.AddUserAsync($"{_name}-left");
        await using var visitor = await site.OpenAsync($"/users/{await site.Api.AddUserAsync(_name)}");
        var page = visitor.Page;
        await visitor.IsAtAsync(_name);
        using (site.HoldBackAnswers($"/api/v1/admin/users/{left}"))
        {
            await page.EvaluateAsync($"Blazor.navigateTo('users/{left}')");
            await visitor.IsAtAsync("User");
            await page.GoBackAsync();
            await visitor.IsAtAsync(_name);
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Lock …" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync($"\u2068{_name}\u2069");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await visitor.IsAtAsync(_name);
    }

    [RequiresFact(Tool.Browser)]
    public async Task Account_is_locked_which_ends_its_sessions_and_unlocked()
    {
        var email = await site.AddAccountAsync(Roles.Moderator);
        await using var other = await site.VisitAsync();
        await other.SignInAsync(email, SiteFixture.Password);
        await other.IsAtAsync("Home");
        await using var visitor = await site.OpenAsync($"/users/{await IdAsync(email)}");
        var page = visitor.Page;
        await Expect(page.GetByRole(AriaRole.Row)).ToHaveCountAsync(2);

        await ActAsync(page, "Lock …", "Lock it");
        await Expect(page.GetByText("An admin has locked the account")).ToBeVisibleAsync();
        await Expect(page.GetByText("The account is signed in nowhere.")).ToBeVisibleAsync();
        await other.GoToAsync("/reviews");
        await Expect(other.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("You have been signed out");
        await other.Page.GetByLabel("Password").FillAsync(SiteFixture.Password);
        await other.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(other.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Alert)).ToBeVisibleAsync();

        await ActAsync(page, "Unlock …", "Unlock it");
        await Expect(page.GetByText("The account is open.")).ToBeVisibleAsync();
        await other.Page.GetByLabel("Password").FillAsync(SiteFixture.Password);
        await other.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(other.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    [RequiresFact(Tool.Browser)]
    public async Task Lock_has_a_reason_that_the_audit_trail_shows()
    {
        var id = await site.Api.AddUserAsync(_name);
        await using var visitor = await site.OpenAsync($"/users/{id}");
        var page = visitor.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Lock …" }).ClickAsync();
        var reason = page.GetByLabel("Reason (optional)");
        var lockIt = page.GetByRole(AriaRole.Button, new() { Name = "Lock it" });

        await reason.FillAsync(new string('x', 1001));
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("1000 characters at most; there are 1001.");
        await Expect(lockIt).ToBeDisabledAsync();
        await visitor.PageIsSoundAsync();
        await reason.FillAsync("Sells <b>watches</b>.");
        await lockIt.ClickAsync();
        var access = page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "An admin has locked the account" });
        await Expect(access).ToContainTextAsync(
            new Regex($"[0-9]{{2}}:[0-9]{{2}} UTC, by .+ \\(user {await IdAsync(visitor.Email)}\\): Sells <b>watches</b>\\."));
        await visitor.PageIsSoundAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "What was done to it" }).ClickAsync();
        await visitor.IsAtAsync("Audit");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Reason" })).ToContainTextAsync("Sells <b>watches</b>.");
    }

    [RequiresFact(Tool.Browser)]
    public async Task Locked_accounts_are_listed_alone()
    {
        var locked = $"{_name} locked";
        foreach (var name in new[] { locked, $"{_name} open" })
        {
            var id = await site.Api.AddUserAsync(name);
            await site.Api.ExecuteAsync($"UPDATE users SET lockout_end = 'infinity' WHERE id = {id} AND display_name = {locked}");
        }

        await using var visitor = await site.OpenAsync($"/users?search={_name}&locked=neither");
        var page = visitor.Page;
        await Expect(page.GetByText("2 users, newest first.")).ToBeVisibleAsync();
        await page.GetByLabel("State").ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "Locked", Exact = true }).ClickAsync();

        await Expect(page.GetByText("One user.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = locked })).ToBeVisibleAsync();
        await visitor.PageIsSoundAsync();
        Assert.EndsWith($"/users?search={_name}&locked=true", page.Url, StringComparison.Ordinal);
        await page.ReloadAsync();
        await Expect(page.GetByText("One user.")).ToBeVisibleAsync();
        await page.GetByLabel("State").ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = "Not locked" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = $"{_name} open" })).ToBeVisibleAsync();
    }

    [RequiresFact(Tool.Browser)]
    public async Task Messages_name_whom_they_are_about_and_do_not_pile_up()
    {
        var user = await site.Api.AddUserAsync(_name);
        await using var visitor = await site.OpenAsync($"/users/{user}");
        var page = visitor.Page;
        var messages = page.Locator(".mud-snackbar");

        await ActAsync(page, "Lock …", "Lock it");
        await Expect(messages.Filter(new() { HasText = $"The account of \u2068{_name}\u2069 (\u2068{EmailOf(_name)}\u2069) was locked." })).ToBeVisibleAsync();
        await ActAsync(page, "Unlock …", "Unlock it");
        await ActAsync(page, "Give the role moderator …", "Give the role");
        await ActAsync(page, "Take the role moderator …", "Take the role");
        // Not only when the others are gone.
        await Expect(messages.Filter(new() { HasText = $"\u2068{_name}\u2069 (\u2068{EmailOf(_name)}\u2069) has the role moderator no longer." }))
            .ToBeVisibleAsync(new() { Timeout = 2_000 });
        Assert.InRange(await messages.Filter(new() { Visible = true }).CountAsync(), 1, 2);
    }

    [RequiresFact(Tool.Browser)]
    public async Task Sessions_are_seen_and_ended_one_or_all()
    {
        var user = await site.Api.AddSignedInUserAsync();
        using var second = site.Api.CreateClient(user.Id);
        await site.Api.ExecuteAsync(
            $"UPDATE sessions SET user_agent = CASE id WHEN (SELECT min(id::text)::uuid FROM sessions WHERE user_id = {user.Id}) THEN 'Laptop' ELSE 'Phone' END WHERE user_id = {user.Id}");
        await using var visitor = await site.OpenAsync($"/users/{user.Id}");
        var page = visitor.Page;

        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Phone" }).GetByRole(AriaRole.Button).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync(new Regex("@EXAMPLE\\.COM\u2069\\) is signed out there"));
        await page.GetByRole(AriaRole.Button, new() { Name = "End", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Phone" })).ToHaveCountAsync(0);
        Assert.Equal("Laptop", await site.Api.ScalarAsync<string>($"SELECT string_agg(user_agent, ',') FROM sessions WHERE user_id = {user.Id}"));
        await visitor.PageIsSoundAsync();

        await ActAsync(page, "End all sessions …", "End");
        await Expect(page.GetByText("The account is signed in nowhere.")).ToBeVisibleAsync();
        Assert.Equal(0, await site.Api.ScalarAsync<long>($"SELECT count(*) FROM sessions WHERE user_id = {user.Id}"));
    }

    [RequiresFact(Tool.Browser)]
    public async Task Own_account_is_not_locked_and_the_last_admin_stays_in_plain_words()
    {
        await using var visitor = await site.OpenAsync(null);
        var page = visitor.Page;
        var id = await IdAsync(visitor.Email);
        await site.Api.ExecuteAsync($"DELETE FROM user_roles WHERE user_id <> {id} AND role_id = (SELECT id FROM roles WHERE name = 'admin')");
        await visitor.GoToAsync($"/users/{id}");

        await Expect(page.GetByText("This is your own account.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Banner)).ToContainTextAsync(visitor.Email);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Lock …" })).ToBeDisabledAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Take the role admin …" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("You lose what admins can do at once");
        await page.GetByRole(AriaRole.Button, new() { Name = "Take the role", Exact = true }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Alert)).ToContainTextAsync("This is the only admin who can log in.");
        await visitor.PageIsSoundAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        Assert.Equal("admin", await RoleAsync(id));
    }

    [RequiresFact(Tool.Browser)]
    public async Task Account_that_left_meanwhile_and_names_with_script_are_told_plainly_on_a_phone()
    {
        var id = await site.Api.AddUserAsync(_name);
        var name = $"<b onmouseover=alert(1)>{new string('W', 20)} שלום";
        await site.Api.ExecuteAsync($"UPDATE users SET display_name = {name} WHERE id = {id}");
        await using var visitor = await site.OpenAsync(
            $"/users?search={_name}", Roles.Admin, new() { ViewportSize = new() { Width = 360, Height = 740 }, ColorScheme = ColorScheme.Dark, ReducedMotion = ReducedMotion.Reduce });
        var page = visitor.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = name }).ClickAsync();
        await visitor.IsAtAsync(name);
        await visitor.PageIsSoundAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Lock …" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync(name);
        await visitor.PageIsSoundAsync();
        await site.Api.ExecuteAsync($"DELETE FROM users WHERE id = {id}");

        await page.GetByRole(AriaRole.Button, new() { Name = "Lock it" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Alert)).ToContainTextAsync("There is no account with this id.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await Expect(page.GetByText("This account does not exist, or not any more.")).ToBeVisibleAsync();
    }

    [RequiresFact(Tool.Browser)]
    public async Task Pages_of_admins_are_closed_to_moderators()
    {
        await using var visitor = await site.OpenAsync("/", Roles.Moderator);

        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Users" })).ToHaveCountAsync(0);
        foreach (var path in new[] { "/users", "/users/1", "/audit", "/import" })
        {
            await visitor.GoToAsync(path);
            await visitor.IsAtAsync("Not for your role");
        }
    }

    private static async Task ActAsync(IPage page, string button, string confirm)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = confirm, Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    /// <summary>Of a user who was added by name.</summary>
    private static string EmailOf(string name) => $"{name}@example.com".ToUpperInvariant();

    private Task<long> IdAsync(string email) => site.Api.ScalarAsync<long>($"SELECT id FROM users WHERE email = {email}");

    private Task<string?> RoleAsync(long user) => site.Api.ScalarAsync<string>(
        $"SELECT string_agg(name, ',') FROM user_roles JOIN roles ON roles.id = role_id WHERE user_id = {user} AND name <> 'user'");
}
