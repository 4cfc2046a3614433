using System.Diagnostics;
using System.Text.Json.Nodes;

namespace MovieAspire.AppHost.Tests;

/// <summary>
/// What the AppHost publishes is what is meant to be deployed. When a change of it is intended, write it anew:
/// <c>dotnet run --project AppHost -- --operation publish --step publish --output-path tests/AppHost.Tests/Published</c>.
/// </summary>
public sealed class PublishTests
{
    [Theory]
    [InlineData("docker-compose.yaml")]
    [InlineData(".env")]
    public async Task The_compose_files_are_the_intended_ones(string name)
    {
        var folder = Directory.CreateTempSubdirectory("published-").FullName;
        try
        {
            await PublishAsync("--step", "publish", "--output-path", folder);
            // Beside the sources the file has another name, since Git ignores .env files.
            var expected = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Published", name.TrimStart('.')));
            Assert.Equal(expected, await File.ReadAllTextAsync(Path.Combine(folder, name)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_manifest_names_what_azd_needs()
    {
        var folder = Directory.CreateTempSubdirectory("published-").FullName;
        try
        {
            var file = Path.Combine(folder, "aspire-manifest.json");
            await PublishAsync("--publisher", "manifest", "--output-path", file);

            var resources = JsonNode.Parse(await File.ReadAllTextAsync(file))!["resources"]!;
            Assert.Equal("{postgres.connectionString};Database=moviedb", (string?)resources["moviedb"]!["connectionString"]);
            Assert.Equal("{moviedb.connectionString}", (string?)resources["api"]!["env"]!["ConnectionStrings__moviedb"]);
            Assert.Equal(true, (bool?)resources["api"]!["bindings"]!["http"]!["external"]);
            Assert.Equal(true, (bool?)resources["postgres-password"]!["inputs"]!["value"]!["secret"]);
            foreach (var name in new[] { "api", "migrations" })
            {
                Assert.True(File.Exists(Path.Combine(folder, (string)resources[name]!["path"]!)), $"{name} names no project");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task PublishAsync(params IEnumerable<string> how)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Projects.AppHost).Assembly.Location, "--operation", "publish", .. how])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, await output + await error);
    }
}
