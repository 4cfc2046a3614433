using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using MovieAspire.Deploy.Tests.Engine;
using MovieAspire.Testing;

namespace MovieAspire.Deploy.Tests;

/// <summary>The admin site, which a site has where <c>COMPOSE_PROFILES</c> names it.</summary>
public sealed partial class AdminSiteTests : IClassFixture<Images>
{
    [RequiresFact(Tool.Docker)]
    public async Task Admin_site_is_deployed_where_the_settings_ask_for_it_and_signs_in_at_the_API()
    {
        await using var site = new Site();
        var address = $"127.0.0.1:{FreePort.Find()}";
        site.Environment["SEED_PROFILE"] = "none";
        site.Environment["ADMIN_ADDRESS"] = address;
        site.Environment["COMPOSE_PROFILES"] = "admin";

        var without = await site.ScriptAsync("deploy.sh", Images.Api, Images.Migrations);
        Assert.Equal(1, without.ExitCode);
        Assert.Contains("ADMIN_IMAGE", without.LastLine, StringComparison.Ordinal);
        (await site.ScriptAsync("deploy.sh", Images.Api, Images.Migrations, await Images.AdminAsync())).EnsureSuccess("deploy.sh");

        var account = new { email = "admin@example.org", password = "a long Passphrase with 7 words" };
        (await site.Http.PostAsJsonAsync("/api/v1/auth/register", account)).EnsureSuccessStatusCode();
        await site.SqlAsync("INSERT INTO user_roles (user_id, role_id) SELECT u.id, r.id FROM users u, roles r WHERE r.name = 'admin'");
        using var http = new HttpClient { BaseAddress = new($"http://{address}") };
        var page = await http.GetStringAsync("/sign-in");
        using var script = await http.GetAsync(Script().Match(page).Groups[1].Value);
        Assert.Equal("text/javascript", script.Content.Headers.ContentType?.MediaType);
        using var form = new FormUrlEncodedContent(
        [
            new("_handler", "sign-in"),
            new("__RequestVerificationToken", Token().Match(page).Groups[1].Value),
            new("Form.Email", account.email),
            new("Form.Password", account.password),
        ]);
        using var signedIn = await http.PostAsync("/sign-in", form);
        Assert.Equal((HttpStatusCode.OK, "/"), (signedIn.StatusCode, signedIn.RequestMessage?.RequestUri?.AbsolutePath));
        Assert.Equal("true", await site.InspectAsync("admin", "{{.HostConfig.ReadonlyRootfs}}"));
        (await site.ScriptAsync("status.sh")).EnsureSuccess("status.sh");

        site.Environment["COMPOSE_PROFILES"] = "";
        (await site.ScriptAsync("deploy.sh", Images.Api, Images.Migrations)).EnsureSuccess("deploy.sh");
        Assert.Equal("", await site.ComposeAsync("--profile", "admin", "ps", "--all", "--quiet", "admin"));
    }

    [GeneratedRegex("src=\"([^\"]*blazor.web[^\"]*)\"")]
    private static partial Regex Script();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
