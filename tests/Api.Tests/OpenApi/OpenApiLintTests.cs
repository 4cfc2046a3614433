using MovieAspire.Testing;

namespace MovieAspire.Api.Tests.OpenApi;

public sealed class OpenApiLintTests
{
    private static readonly string Rules = Path.Combine(Repository.Root, "tests", "Api.Tests", "OpenApi", "spectral.yaml");

    [SpectralFact]
    public async Task The_committed_document_keeps_every_rule_of_the_public_set() =>
        Assert.Equal("", await Spectral.LintAsync(Path.Combine(Repository.Root, "docs", "openapi.json"), Rules));
}
