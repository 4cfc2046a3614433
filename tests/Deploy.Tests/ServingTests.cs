using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MovieAspire.Deploy.Tests.Engine;

namespace MovieAspire.Deploy.Tests;

[Collection(ContainerTests.Name)]
public sealed class ServingTests(Images images)
{
    [ContainerFact]
    public async Task Nothing_is_published_but_the_api_and_nothing_else_listens_in_it()
    {
        await using var site = await Site.DeployedAsync(images);

        var published = await Shell.DockerAsync("ps", "--filter", $"label=com.docker.compose.project={site.Project}", "--format", "{{.Label \"com.docker.compose.service\"}} {{.Ports}}");
        Assert.Equal(
            ["api " + $"{site.Http.BaseAddress!.Authority}->8080/tcp", "postgres 5432/tcp"], published.Split('\n').Order(StringComparer.Ordinal));

        // State 0A is "listening"; the engine's own name server listens on the loopback address 127.0.0.11.
        var sockets = await site.ComposeAsync("exec", "--no-TTY", "api", "cat", "/proc/net/tcp", "/proc/net/tcp6");
        var listening = sockets.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields is [_, _, _, "0A", ..] && !fields[1].StartsWith("0B00007F:", StringComparison.Ordinal))
            .Select(fields => Convert.ToInt32(fields[1].Split(':')[1], 16));
        Assert.Equal([8080], listening);
    }

    [ContainerFact]
    public async Task Services_run_without_rights_on_a_root_that_they_cannot_write()
    {
        await using var site = await Site.DeployedAsync(images);

        Assert.Equal("1654", await site.ComposeAsync("exec", "--no-TTY", "api", "id", "-u"));
        Assert.Equal("1654", await site.ComposeAsync("run", "--rm", "--no-TTY", "--no-deps", "--entrypoint", "id", "migrations", "-u"));
        var host = await Shell.DockerAsync(
            "inspect", "--format", "{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}} {{.HostConfig.RestartPolicy.Name}}", await site.ContainerAsync("api"));
        Assert.Equal("true [ALL] [no-new-privileges:true] unless-stopped", host);
    }

    [ContainerFact]
    public async Task Two_replicas_share_tokens()
    {
        await using var site = await Site.DeployedAsync(images);
        var second = await site.ComposeAsync("run", "--detach", "--no-deps", "--publish", "127.0.0.1::8080", "api");
        using var other = new HttpClient { BaseAddress = new($"http://{await Shell.DockerAsync("port", second, "8080")}") };
        await Testing.Eventually.SucceedsAsync(async () => (await other.GetAsync("/health")).EnsureSuccessStatusCode());

        var person = new { email = "replica@example.org", password = "a long Passphrase with 7 words" };
        (await site.Http.PostAsJsonAsync("/api/v1/auth/register", person)).EnsureSuccessStatusCode();
        using var login = (await site.Http.PostAsJsonAsync("/api/v1/auth/login", person)).EnsureSuccessStatusCode();
        var token = (await login.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString();

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/auth/manage/info");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await other.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [ContainerFact]
    public async Task Status_ends_with_0_only_while_all_is_well()
    {
        await using var site = await Site.DeployedAsync(images);

        var well = (await site.ScriptAsync("status.sh")).MustSucceed("status.sh");
        Assert.Contains("all is well", well.LastLine, StringComparison.Ordinal);

        await site.ComposeAsync("stop", "api");
        var down = await site.ScriptAsync("status.sh");
        Assert.Equal(1, down.ExitCode);
        Assert.Contains("exited", down.All, StringComparison.Ordinal);
    }
}
