using MovieAspire.Testing;

namespace MovieAspire.Api.Tests.OpenApi;

public sealed class OpenApiLintTests
{
    private static readonly string Rules = Path.Combine(Repository.Root, "tests", "Api.Tests", "OpenApi", "spectral.yaml");

    [RequiresFact(Tool.Npm)]
    public async Task Committed_document_passes_Spectral() =>
        Assert.Equal("", await Spectral.LintAsync(Path.Combine(Repository.Root, "docs", "openapi.json"), Rules));
}
