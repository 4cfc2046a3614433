using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace MovieAspire.Api.OpenApi;

/// <summary>Adds to each operation the errors that it shares with others, and to every error the shape of its document.</summary>
internal sealed class ProblemResponses : IOpenApiOperationTransformer
{
    private const string SchemaName = "Problem";

    private static readonly int[] OfBodies = [StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType];

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var responses = operation.Responses ??= [];
        foreach (var status in Shared(context.Description.ActionDescriptor.EndpointMetadata).Concat(operation.RequestBody is null ? [] : OfBodies))
        {
            responses.TryAdd(status.ToString(CultureInfo.InvariantCulture), new OpenApiResponse());
        }

        context.Document!.AddComponent(SchemaName, await context.GetOrCreateSchemaAsync(typeof(Problem), cancellationToken: cancellationToken));
        foreach (var (status, response) in responses)
        {
            if (int.Parse(status, CultureInfo.InvariantCulture) is >= 400 and var code && response is OpenApiResponse error)
            {
                error.Description = ReasonPhrases.GetReasonPhrase(code);
                error.Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(SchemaName, context.Document) },
                };
            }
        }

        operation.Responses = [];
        foreach (var (status, response) in responses.OrderBy(response => response.Key, StringComparer.Ordinal))
        {
            operation.Responses.Add(status, response);
        }
    }

    private static IEnumerable<int> Shared(IList<object> metadata)
    {
        // Each operation refuses query parameters that it does not know.
        yield return StatusCodes.Status400BadRequest;
        yield return StatusCodes.Status429TooManyRequests;
        var authorize = metadata.OfType<IAuthorizeData>().ToList();
        if (authorize.Count > 0)
        {
            yield return StatusCodes.Status401Unauthorized;
        }

        if (authorize.Any(data => data.Roles is not null || data.Policy is not null) || metadata.OfType<AuthorizationPolicy>().Any())
        {
            yield return StatusCodes.Status403Forbidden;
        }
    }
}
