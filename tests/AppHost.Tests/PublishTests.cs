using System.Diagnostics;
using System.Text.Json.Nodes;

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
            await PublishAsync("--publisher", "manifest", "--output-path", file);

            var resources = JsonNode.Parse(await File.ReadAllTextAsync(file))!["resources"]!;
            Assert.Equal("{postgres.connectionString};Database=moviedb", (string?)resources["moviedb"]!["connectionString"]);
            Assert.Equal("{moviedb.connectionString}", (string?)resources["api"]!["env"]!["ConnectionStrings__moviedb"]);
            Assert.Equal("films", (string?)resources["migrations"]!["env"]!["Seed__Profile"]);
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
