using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MovieAspire.Deploy.Tests.Engine;
using MovieAspire.Testing;

namespace MovieAspire.Deploy.Tests;

[Collection(RunningSite.Collection)]
public sealed class ServingTests(RunningSite running)
{
    private readonly Site _site = running.Site;

    [RequiresFact(Tool.Docker)]
    public async Task Api_has_the_only_published_port_and_listens_on_no_other()
    {
        var published = await Docker.RunAsync(
            "ps",
            "--filter", $"label=com.docker.compose.project={_site.Project}",
            "--format", """{{.Label "com.docker.compose.service"}} {{.Ports}}""");
        Assert.Equal(
            [$"api {_site.Http.BaseAddress!.Authority}->8080/tcp", "postgres 5432/tcp"],
            published.Split('\n').Order(StringComparer.Ordinal));

        // State 0A is "listening"; the engine's own name server listens on the loopback address 127.0.0.11.
        var sockets = await _site.ComposeAsync("exec", "--no-TTY", "api", "cat", "/proc/net/tcp", "/proc/net/tcp6");
        var listening = sockets.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields is [_, _, _, "0A", ..] && !fields[1].StartsWith("0B00007F:", StringComparison.Ordinal))
            .Select(fields => Convert.ToInt32(fields[1].Split(':')[1], 16));
        Assert.Equal([8080], listening);
    }

    [RequiresFact(Tool.Docker)]
    public async Task Services_run_unprivileged_on_a_read_only_root()
    {
        Assert.Equal("1654", await _site.ComposeAsync("exec", "--no-TTY", "api", "id", "-u"));
        Assert.Equal("1654", await _site.ComposeAsync("run", "--rm", "--no-TTY", "--no-deps", "--entrypoint", "id", "migrations", "-u"));
        var host = await _site.InspectAsync(
            "api",
            "{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}} {{.HostConfig.RestartPolicy.Name}}");
        Assert.Equal("true [ALL] [no-new-privileges:true] unless-stopped", host);
    }

    [RequiresFact(Tool.Docker)]
    public async Task Two_replicas_share_tokens()
    {
        var second = await _site.ComposeAsync("run", "--detach", "--no-deps", "--publish", "127.0.0.1::8080", "api");
        try
        {
            using var other = new HttpClient { BaseAddress = new($"http://{await Docker.RunAsync("port", second, "8080")}") };
            await Eventually.SucceedsAsync(async () => (await other.GetAsync("/health")).EnsureSuccessStatusCode());

            var user = new { email = "replica@example.org", password = "a long Passphrase with 7 words" };
            (await _site.Http.PostAsJsonAsync("/api/v1/auth/register", user)).EnsureSuccessStatusCode();
            using var login = (await _site.Http.PostAsJsonAsync("/api/v1/auth/login", user)).EnsureSuccessStatusCode();
            var token = (await login.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString();

            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/auth/manage/info");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await other.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        finally
        {
            await Docker.RunAsync("rm", "--force", second);
        }
    }

    [RequiresFact(Tool.Docker)]
    public async Task First_administrator_is_made_by_the_worker()
    {
        var worker = await _site.ComposeAsync(
            "run", "--rm", "--no-TTY", "--no-deps",
            "--env", "Admin__Email=admin@example.org",
            "--env", "Admin__Password=a long Passphrase with 7 words",
            "migrations");

        Assert.Contains("Made the first admin", worker, StringComparison.Ordinal);
        Assert.Equal("admin@example.org", await _site.SqlAsync("SELECT email FROM users WHERE email LIKE 'admin%'"));
    }

    [RequiresFact(Tool.Docker)]
    public async Task Second_deployment_of_the_same_images_changes_nothing()
    {
        var containers = await _site.ComposeAsync("ps", "--all", "--quiet");

        var again = (await _site.ScriptAsync("deploy.sh", Images.Api, Images.Migrations)).EnsureSuccess("deploy.sh again");

        Assert.Contains("was deployed already and is healthy", again.LastLine, StringComparison.Ordinal);
        Assert.Equal(containers, await _site.ComposeAsync("ps", "--all", "--quiet"));
    }

    [RequiresFact(Tool.Docker)]
    public async Task Lost_password_of_an_existing_database_is_not_replaced()
    {
        Directory.Move(_site.InFolder("secrets"), _site.InFolder("elsewhere"));

        var result = await _site.ScriptAsync("deploy.sh", Images.Api, Images.Migrations);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("put its files back", result.LastLine, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_site.InFolder("secrets")));
        Directory.Move(_site.InFolder("elsewhere"), _site.InFolder("secrets"));
    }

    [RequiresFact(Tool.Docker)]
    public async Task Api_answers_only_to_allowed_hosts()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/genres") { Headers = { Host = "elsewhere.example" } };
        using var refused = await _site.Http.SendAsync(request);
        using var answered = await _site.Http.GetAsync("/api/v1/genres");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (refused.StatusCode, answered.StatusCode));
    }

    [RequiresFact(Tool.Docker)]
    public async Task Rate_limit_ignores_forwarded_headers_without_a_proxy()
    {
        var claimed = 0;
        await Eventually.HoldsAsync(
            async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/genres");
                request.Headers.Add("X-Forwarded-For", $"10.0.{++claimed / 250}.{claimed % 250}");
                using var response = await _site.Http.SendAsync(request);

                // The first request of a minute leaves 1199, whoever sends it.
                return response.Headers.GetValues("RateLimit").Single() != "\"reads\";r=1199";
            },
            "requests in the name of many count as those of one",
            TimeSpan.FromSeconds(10));
    }

    [RequiresFact(Tool.Docker)]
    public async Task Status_exits_0_only_while_the_site_is_healthy()
    {
        var well = (await _site.ScriptAsync("status.sh")).EnsureSuccess("status.sh");
        Assert.Contains("all is well", well.LastLine, StringComparison.Ordinal);

        await _site.ComposeAsync("stop", "api");
        var down = await _site.ScriptAsync("status.sh");
        Assert.Equal(1, down.ExitCode);
        Assert.Contains("exited", down.All, StringComparison.Ordinal);
        await _site.ComposeAsync("start", "api");
        await _site.BecomesHealthyAsync();
    }

    [RequiresFact(Tool.Docker)]
    public async Task Password_is_in_no_log_and_no_configuration_of_a_running_site()
    {
        var containers = (await _site.ComposeAsync("ps", "--all", "--quiet")).Split('\n');

        Assert.Equal(3, containers.Length);
        Assert.DoesNotContain(_site.Password, await Docker.RunAsync(["inspect", .. containers]), StringComparison.Ordinal);
        Assert.DoesNotContain(_site.Password, await _site.ComposeAsync("logs"), StringComparison.Ordinal);
        Assert.DoesNotContain(_site.Password, await _site.ComposeAsync("config"), StringComparison.Ordinal);
        Assert.DoesNotContain(_site.Password, await File.ReadAllTextAsync(_site.InFolder(".env")), StringComparison.Ordinal);
        Assert.Equal("700\n", (await Cli.RunAsync("stat", ["--format=%a", _site.InFolder("secrets")])).Output);
    }
}
