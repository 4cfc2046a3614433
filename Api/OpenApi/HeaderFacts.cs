using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using MovieAspire.Api.Protocol.Idempotency;

namespace MovieAspire.Api.OpenApi;

/// <summary>Headers that operations look at by themselves, so that the generator does not see them: preconditions and keys.</summary>
internal sealed class HeaderFacts : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IdempotentMetadata>().Any())
        {
            Add(operation, Idempotency.Header, "Makes the request safe to send again: the same key and request replay the first answer, for a day.");
        }

        if (operation.Responses?.ContainsKey("412") == true)
        {
            Add(operation, "If-Match", "The ETag that was read, or *; another version there by now is a 412.");
        }

        return Task.CompletedTask;
    }

    private static void Add(OpenApiOperation operation, string name, string description) => (operation.Parameters ??= []).Add(new OpenApiParameter
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    });
}
