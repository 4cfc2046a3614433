using System.Text.Json;
using MovieAspire.Testing;

namespace MovieAspire.Api.Tests.OpenApi;

public sealed class OpenApiLintTests
{
    private static readonly string Document = Repository.PathOf("docs", "openapi.json");

    [RequiresFact(Tool.Npm)]
    public async Task Committed_document_passes_Spectral()
    {
        var rules = Repository.PathOf("tests", "Api.Tests", "OpenApi", "spectral.yaml");

        var result = await new NpmTool("spectral", "@stoplight/spectral-cli@6.16.3")
            .RunAsync("spectral", "lint", Document, "--ruleset", rules, "--fail-severity", "hint");

        Assert.True(result.ExitCode == 0, result.All);
    }

    [RequiresFact(Tool.Npm)]
    public async Task Committed_document_passes_the_recommended_rules_of_Redocly()
    {
        var result = await new NpmTool("redocly", "@redocly/cli@2.77.0")
            .RunAsync("redocly", "lint", Document, "--extends", "recommended", "--format", "json");

        Assert.True(result.ExitCode == 0, result.All);
        using var report = JsonDocument.Parse(result.Output);
        Assert.True(report.RootElement.GetProperty("problems").GetArrayLength() == 0, result.Output);
    }
}
