using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using MovieAspire.Api.Protocol.MergePatch;

namespace MovieAspire.Api.OpenApi;

/// <summary>Describes merge patches: of the object that is patched each property may be left out, and null removes those that it can do without.</summary>
internal sealed class MergePatchFacts : IOpenApiOperationTransformer
{
    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var accepted = context.Description.ActionDescriptor.EndpointMetadata.OfType<IAcceptsMetadata>().LastOrDefault();
        if (accepted is not { RequestType: { } patched, ContentTypes: [MergePatch.ContentType] })
        {
            return;
        }

        var schema = await context.GetOrCreateSchemaAsync(patched, cancellationToken: cancellationToken);
        foreach (var (name, property) in schema.Properties!)
        {
            if (property is OpenApiSchema optional && schema.Required?.Contains(name) != true)
            {
                optional.Type |= JsonSchemaType.Null;
            }
        }

        schema.Required = null;
        schema.Description = "A JSON merge patch (RFC 7386): what is left out stays, null removes.";
        var component = patched.Name + "Patch";
        context.Document!.AddComponent(component, schema);
        operation.RequestBody!.Content![MergePatch.ContentType] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(component, context.Document) };
    }
}
