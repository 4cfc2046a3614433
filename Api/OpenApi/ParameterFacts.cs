using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MovieAspire.Api.OpenApi;

/// <summary>What the generator leaves out of parameters: closed sets of values, and that none in the query is required.</summary>
internal sealed class ParameterFacts : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            if (parameter.In == ParameterLocation.Query)
            {
                parameter.Required = false;
            }

            var description = context.Description.ParameterDescriptions.First(candidate => candidate.Name == parameter.Name);
            if (Attribute<AllowedValuesAttribute>(description) is { } allowed && parameter.Schema is OpenApiSchema schema)
            {
                schema.Enum = [.. allowed.Values.OfType<string>().Select(value => JsonValue.Create(value))];
            }
        }

        return Task.CompletedTask;
    }

    private static T? Attribute<T>(ApiParameterDescription parameter)
        where T : Attribute =>
        parameter.ParameterDescriptor is IParameterInfoParameterDescriptor { ParameterInfo: { } info } ? info.GetCustomAttribute<T>() : null;
}
