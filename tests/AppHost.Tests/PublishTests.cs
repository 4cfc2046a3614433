using System.Text.Json.Nodes;
using MovieAspire.Testing;

namespace MovieAspire.AppHost.Tests;

/// <summary>What azd reads from the manifest. Deploy.Tests compares the whole of it with <c>deploy/compose.yaml</c>.</summary>
public sealed class PublishTests
{
    [Fact]
    public async Task Manifest_has_what_azd_needs()
    {
        var folder = Directory.CreateTempSubdirectory("published-").FullName;
        try
        {
            var file = Path.Combine(folder, "aspire-manifest.json");
            var appHost = typeof(Projects.AppHost).Assembly.Location;
            var publish = await Cli.RunAsync(
                "dotnet", appHost, "--operation", "publish", "--publisher", "manifest", "--output-path", file);
            publish.EnsureSuccess("publish");

            var resources = JsonNode.Parse(await File.ReadAllTextAsync(file))!["resources"]!;
            Assert.Equal("{postgres.connectionString};Database=moviedb", (string?)resources["moviedb"]!["connectionString"]);
            Assert.Equal("{moviedb.connectionString}", (string?)resources["api"]!["env"]!["ConnectionStrings__moviedb"]);
            Assert.Equal("movies", (string?)resources["migrations"]!["env"]!["Seed__Profile"]);
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
}
