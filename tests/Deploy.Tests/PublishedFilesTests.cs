using System.Text.Json.Nodes;
using MovieAspire.Deploy.Tests.Engine;

namespace MovieAspire.Deploy.Tests;

/// <summary>
/// The manifest in <c>deploy/</c> is what the AppHost publishes. After an intended change:
/// <c>dotnet run --project AppHost -- --operation publish --publisher manifest --output-path deploy/aspire-manifest.json</c>.
/// </summary>
public sealed class PublishedFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("movieaspire-published-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Manifest_is_the_published_one()
    {
        var published = Path.Combine(_folder, "aspire-manifest.json");
        await PublishAsync("--publisher", "manifest", "--output-path", published);

        AssertSame(ReadManifest(published), ReadManifest(Repository.PathOf("deploy/aspire-manifest.json")));
    }

    private static async Task PublishAsync(params string[] how) =>
        (await Shell.TryAsync("dotnet", [Repository.AppHost, "--operation", "publish", .. how])).MustSucceed("the AppHost's publisher");

    private static void AssertSame(JsonNode expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"deploy/ has drifted from the AppHost, which publishes:\n{expected}");

    private static JsonNode ReadManifest(string file)
    {
        var manifest = JsonNode.Parse(File.ReadAllText(file))!;
        foreach (var resource in manifest["resources"]!.AsObject().Select(resource => resource.Value!.AsObject()).Where(resource => resource.ContainsKey("path")))
        {
            // Relative to where the manifest lies.
            resource["path"] = Path.GetFullPath((string)resource["path"]!, Path.GetDirectoryName(file)!);
        }

        return manifest;
    }
}
