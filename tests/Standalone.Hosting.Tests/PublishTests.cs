using System.Text.Json.Nodes;

namespace MovieAspire.Standalone.Hosting.Tests;

/// <summary>What is published. The files in Published/ are what Aspire 13.5.2 wrote for an application of the same shape.</summary>
public sealed class PublishTests
{
    [Fact]
    public async Task The_manifest_is_the_one_that_Aspire_writes()
    {
        using var home = new TemporaryFolder();
        var file = home.Below("out", "aspire-manifest.json");
        await PublishAsync(home, "published", "--publisher", "manifest", "--output-path", file);

        var subject = Path.GetRelativePath(home.Below("out"), new Projects.Standalone_Hosting_Tests_Subject().ProjectPath);
        var expected = (await ExpectedAsync("aspire-manifest.json")).Replace("SUBJECT", subject, StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(await File.ReadAllTextAsync(file))), await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task The_compose_files_are_the_ones_that_Aspire_writes()
    {
        using var home = new TemporaryFolder();
        await PublishAsync(home, "published", "--step", "publish", "--output-path", home.Path);

        Assert.Equal(await ExpectedAsync("docker-compose.yaml"), await File.ReadAllTextAsync(home.Below("docker-compose.yaml")));
        Assert.Equal(await ExpectedAsync("env.txt"), await File.ReadAllTextAsync(home.Below(".env")));
    }

    [Fact]
    public async Task What_a_deployer_filled_in_survives_the_next_publish()
    {
        using var home = new TemporaryFolder();
        var file = home.Below(".env");
        await File.WriteAllTextAsync(file, "# mine\nAPI_PORT=8080\nEXTRA=kept\n");
        await PublishAsync(home, "published", "--step", "publish", "--output-path", home.Path);

        var env = await File.ReadAllTextAsync(file);
        Assert.Contains("# mine\nAPI_PORT=8080\n", env, StringComparison.Ordinal);
        Assert.Contains("EXTRA=kept\n", env, StringComparison.Ordinal);
        Assert.Contains("# Container image name for api\nAPI_IMAGE=\n", env, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Services_can_be_changed_before_they_are_written()
    {
        using var home = new TemporaryFolder();
        await PublishAsync(home, "customized", "--step", "publish", "--output-path", home.Path);

        Assert.Equal(
            """
            name: "shop"
            services:
              api:
                image: "${API_IMAGE}"
                command:
                  - "serve"
                  - "0"
                environment:
                  OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY: "in_memory"
                  ASPNETCORE_FORWARDEDHEADERS_ENABLED: "true"
                  HTTP_PORTS: "${API_PORT}"
                  KEY: "${API_KEY}"
                expose:
                  - "${API_PORT}"
                networks:
                  - "aspire"
                restart: "no"
                deploy:
                  resources:
                    limits:
                      cpus: "0.5"
                      memory: "256M"
                healthcheck:
                  test:
                    - "CMD"
                    - "true"
                  interval: "5s"
                  timeout: "3s"
                  retries: 3
                  start_period: "10s"
                labels:
                  key: "${API_KEY}"
              front:
                image: "${FRONT_IMAGE}"
                environment:
                  OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY: "in_memory"
                  ASPNETCORE_FORWARDEDHEADERS_ENABLED: "true"
                  HTTP_PORTS: "${FRONT_PORT}"
                  services__api__http__0: "http://api:${API_PORT}"
                  API_HTTP: "http://api:${API_PORT}"
                  API_HTTPS: "https://api:${API_PORT}"
                expose:
                  - "${FRONT_PORT}"
                networks:
                  - "aspire"
            networks:
              aspire:
                driver: "bridge"

            """,
            await File.ReadAllTextAsync(home.Below("docker-compose.yaml")));
        Assert.Contains("# Where the API listens\nAPI_PORT=\n", await File.ReadAllTextAsync(home.Below(".env")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no publisher 'kubernetes'", "--publisher", "kubernetes")]
    [InlineData("The stand-in host has no step 'deploy'", "--step", "deploy")]
    public async Task What_cannot_be_published_is_an_error(string message, params string[] how)
    {
        using var home = new TemporaryFolder();
        await using var appHost = AppHostProcess.Start(home, "published", ["--operation", "publish", .. how]);

        Assert.Equal(1, (await appHost.ExitAsync()).Code);
        Assert.StartsWith(message, appHost.Output, StringComparison.Ordinal);
    }

    private static async Task PublishAsync(TemporaryFolder home, string scenario, params string[] how)
    {
        await using var appHost = AppHostProcess.Start(home, scenario, ["--operation", "publish", .. how]);
        Assert.True((await appHost.ExitAsync()).Code == 0, appHost.Output);
    }

    private static async Task<string> ExpectedAsync(string name) => (await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Published", name)))
        .Replace("APPHOST", $"movieaspire.standalone.hosting.tests.apphost-{AppHostMetadata.ShortHash("standalone.hosting.tests.apphost.csproj")}", StringComparison.Ordinal);
}
