using System.Net.Http.Json;
using Microsoft.Playwright;
using MovieAspire.Deploy.Tests.Engine;
using MovieAspire.Testing;
using static Microsoft.Playwright.Assertions;

namespace MovieAspire.Deploy.Tests;

/// <summary>The admin site, which a site has where <c>COMPOSE_PROFILES</c> names it.</summary>
public sealed class AdminSiteTests : IClassFixture<Images>
{
    [RequiresFact(Tool.Docker, Tool.Browser)]
    public async Task Admin_site_is_deployed_where_the_settings_ask_for_it_and_shows_the_movies_of_the_API()
    {
        await using var site = new Site();
        var address = $"127.0.0.1:{FreePort.Find()}";
        site.Environment["SEED_PROFILE"] = "none";
        site.Environment["ADMIN_ADDRESS"] = address;
        site.Environment["COMPOSE_PROFILES"] = "admin";

        var without = await site.ScriptAsync("deploy.sh", Images.Api, Images.Migrations);
        Assert.Equal(1, without.ExitCode);
        Assert.Contains("ADMIN_IMAGE", without.LastLine, StringComparison.Ordinal);
        (await site.ScriptAsync("deploy.sh", Images.Api, Images.Migrations, Images.Admin)).EnsureSuccess("deploy.sh");

        var account = new { email = "admin@example.org", password = "a long Passphrase with 7 words" };
        (await site.Http.PostAsJsonAsync("/api/v1/auth/register", account)).EnsureSuccessStatusCode();
        await site.SqlAsync("INSERT INTO user_roles (user_id, role_id) SELECT u.id, r.id FROM users u, roles r WHERE r.name = 'admin'");
        await site.SqlAsync("INSERT INTO movies (title, release_date) VALUES ('Deployed', '2000-01-01')");
        try
        {
            await SeesMovieAsync($"http://{address}/movies", account.email, account.password, "Deployed");
        }
        catch (PlaywrightException e)
        {
            throw new InvalidOperationException(await site.ComposeAsync("logs", "--tail=50", "api", "admin"), e);
        }

        Assert.Equal("true", await site.InspectAsync("admin", "{{.HostConfig.ReadonlyRootfs}}"));
        (await site.ScriptAsync("status.sh")).EnsureSuccess("status.sh");

        site.Environment["COMPOSE_PROFILES"] = "";
        (await site.ScriptAsync("deploy.sh", Images.Api, Images.Migrations)).EnsureSuccess("deploy.sh");
        Assert.Equal("", await site.ComposeAsync("--profile", "admin", "ps", "--all", "--quiet", "admin"));
    }

    /// <summary>Asserts that a user sees a movie in a browser, and that the image has all that the page asks for.</summary>
    private static async Task SeesMovieAsync(string address, string email, string password, string title)
    {
        using var playwright = await SteadyNetwork.StartAsync(Playwright.CreateAsync);
        await using var browser = await playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = Prerequisite.Browser, Args = ["--no-sandbox"] });
        var page = await browser.NewPageAsync();
        List<string> missing = [];
        page.Response += (_, response) =>
        {
            if (response.Status >= 400)
            {
                missing.Add($"{response.Status} {response.Url}");
            }
        };
        await page.GotoAsync(address);
        await page.GetByLabel("Email").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Table, new() { Name = "Movies" }).GetByRole(AriaRole.Link, new() { Name = title }))
            .ToBeVisibleAsync(new() { Timeout = 30_000 });
        Assert.Empty(missing);
    }
}
