using System.Text.RegularExpressions;
using MovieAspire.Deploy.Tests.Engine;
using MovieAspire.Testing;

namespace MovieAspire.Deploy.Tests;

[Collection(PublishContainerTests.Collection)]
public sealed partial class DocumentationTests
{
    private readonly string _clone = Directory.CreateTempSubdirectory("movieaspire-docs-").FullName;

    [RequiresFact(Tool.Docker)]
    public async Task First_section_followed_literally_gives_a_running_site()
    {
        Repository.Copy(Repository.Root, _clone);
        var site = new Site(Path.Combine(_clone, "deploy"));
        var before = await ImagesAsync();
        try
        {
            var commands = Commands().Replace("localhost:8080", site.Http.BaseAddress!.Authority, StringComparison.Ordinal);
            var result = await Cli.RunInAsync(_clone, site.Environment, "bash", "-ec", commands);

            result.EnsureSuccess("docs/deployment.md");
            Assert.Contains("is deployed and healthy", result.Output, StringComparison.Ordinal);
            Assert.Contains("\"items\":[{\"id\":", result.Output, StringComparison.Ordinal);
            Assert.EndsWith("all is well\n", result.Output, StringComparison.Ordinal);
        }
        finally
        {
            await site.DisposeAsync();
            await Cli.RunAsync("docker", ["rmi", .. (await ImagesAsync()).Except(before)]);
            Directory.Delete(_clone, recursive: true);
        }
    }

    private static async Task<string[]> ImagesAsync() =>
        (await Docker.RunAsync("image", "ls", "--filter", "reference=movieaspire/*", "--format", "{{.Repository}}:{{.Tag}}"))
        .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Commands()
    {
        var section = FirstSection().Match(File.ReadAllText(Repository.PathOf("docs/deployment.md"))).Value;
        var commands = Block().Matches(section).Select(block => block.Groups["commands"].Value).ToList();
        Assert.Equal(2, commands.Count);
        return string.Concat(commands);
    }

    [GeneratedRegex("(?s)\n## A site in one command\n.*?(?=\n## )")]
    private static partial Regex FirstSection();

    [GeneratedRegex("(?s)```sh\n(?<commands>.*?)```")]
    private static partial Regex Block();
}
