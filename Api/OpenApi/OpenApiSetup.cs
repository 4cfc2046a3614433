using MovieAspire.Api.Accounts;

namespace MovieAspire.Api.OpenApi;

/// <summary>The OpenAPI 3.1 document at <c>/openapi/v1.json</c>, made from the endpoints themselves.</summary>
internal static class OpenApiSetup
{
    public static IServiceCollection AddOpenApiDocument(this IServiceCollection services) =>
        services.AddOpenApi("v1", options => options
            .AddDocumentTransformer<DocumentFacts>()
            .AddOperationTransformer<ParameterFacts>()
            .AddOperationTransformer<AccountOperations>()
            .AddOperationTransformer<ProblemResponses>()
            .AddOperationTransformer<Security>()
            .AddSchemaTransformer<SchemaFacts>());
}
