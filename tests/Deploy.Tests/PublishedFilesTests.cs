using System.Text.Json.Nodes;
using MovieAspire.Deploy.Tests.Engine;
using YamlDotNet.Serialization;

namespace MovieAspire.Deploy.Tests;

/// <summary>
/// What lies in <c>deploy/</c> is what the AppHost publishes, up to the order of keys. After an intended change:
/// <c>dotnet run --project AppHost -- --operation publish --step publish --output-path DIR</c>, take its compose file, and its <c>.env</c> as
/// <c>tests/AppHost.Tests/Published/env</c>;
/// <c>dotnet run --project AppHost -- --operation publish --publisher manifest --output-path deploy/aspire-manifest.json</c>.
/// </summary>
public sealed class PublishedFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("movieaspire-published-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Compose_file_is_the_published_one()
    {
        await PublishAsync("--step", "publish", "--output-path", _folder);

        AssertSame(ReadYaml(Path.Combine(_folder, "docker-compose.yaml")), ReadYaml(Repository.PathOf("deploy/docker-compose.yaml")));
    }

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

    private static JsonNode ReadYaml(string file) =>
        JsonNode.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(new DeserializerBuilder().Build().Deserialize(File.ReadAllText(file))!))!;

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
