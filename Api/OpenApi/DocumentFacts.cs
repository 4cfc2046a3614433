using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MovieAspire.Api.OpenApi;

/// <summary>What the document says of the whole API.</summary>
internal sealed class DocumentFacts : IOpenApiDocumentTransformer
{
    public async Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "MovieAspire",
            Version = "1.0.0",
            Description =
                "A movie platform: films, genres, ratings, reviews and favourites. Errors are problem documents (RFC 9457) with a stable code. "
                + "Lists are paged by cursors, which hold for the sort and filters that gave them.",
            Contact = new OpenApiContact { Name = "MovieAspire" },
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };

        // Relative to wherever the document was fetched from, and so the same document on every machine.
        document.Servers = [new OpenApiServer { Url = "/" }];
        await RemoveUnusedSchemasAsync(document, cancellationToken);
    }

    /// <summary>Those that operations brought and a transformer replaced.</summary>
    private static async Task RemoveUnusedSchemasAsync(OpenApiDocument document, CancellationToken cancellationToken)
    {
        var text = await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellationToken);
        foreach (var name in document.Components!.Schemas!.Keys.Where(name => !text.Contains($"\"#/components/schemas/{name}\"", StringComparison.Ordinal)).ToList())
        {
            document.Components.Schemas.Remove(name);
        }
    }
}
