using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using MovieAspire.Api.Http;
using MovieAspire.Api.Movies;
using MovieAspire.Data;

namespace MovieAspire.Api.OpenApi;

/// <summary>Adds the headers of successful responses, and the 304 of responses with an ETag.</summary>
internal sealed class ResponseHeaderTransformer : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var isTagged = metadata.OfType<TaggedMetadata>().Any();
        if (isTagged && context.Description.HttpMethod == HttpMethods.Get)
        {
            operation.Responses!["304"] = new OpenApiResponse { Description = "Not Modified: the client has it already (If-None-Match)." };
            operation.Responses.TryAdd("412", new OpenApiResponse());
        }

        foreach (var (status, response) in operation.Responses!.Where(response => response.Key[0] is '2' or '3'))
        {
            void Add(string header, string description) => ((OpenApiResponse)response).AddHeader(header, description, context.Document!);
            if (isTagged && status is not "204")
            {
                Add(HeaderNames.ETag, "Identifies what was read, for If-None-Match and If-Match.");
            }

            if (status == "201")
            {
                Add(HeaderNames.Location, "The address of what was created.");
            }

            if (status == "200" && operation.Parameters?.Any(parameter => parameter.Name == "cursor") == true)
            {
                Add(HeaderNames.Link, "The address of the next page (RFC 8288), as in the body.");
            }

            if (metadata.OfType<IdempotentMetadata>().Any())
            {
                Add("Idempotency-Replayed", "true where this is the response to an earlier request with the same key.");
            }

            ((OpenApiResponse)response).AddRateLimitHeaders(context.Document!);
        }

        return Task.CompletedTask;
    }
}

internal static class OpenApiResponseExtensions
{
    public static void AddRateLimitHeaders(this OpenApiResponse response, OpenApiDocument document)
    {
        response.AddHeader("RateLimit", "What remains of the limit, and in how many seconds it starts again.", document);
        response.AddHeader("RateLimit-Policy", "The limit that counts for this operation.", document);
    }

    /// <summary>Adds a header, which is described once for all responses.</summary>
    public static void AddHeader(this OpenApiResponse response, string name, string description, OpenApiDocument document)
    {
        document.AddComponent<IOpenApiHeader>(name, new OpenApiHeader
        {
            Description = description,
            Schema = new OpenApiSchema { Type = name == HeaderNames.RetryAfter ? JsonSchemaType.Integer : JsonSchemaType.String },
        });
        (response.Headers ??= new Dictionary<string, IOpenApiHeader>())[name] = new OpenApiHeaderReference(name, document);
    }
}

/// <summary>
/// Describes bodies with many values: an array for JSON, and a string for newline-delimited JSON, which JSON Schema cannot describe.
/// </summary>
internal sealed class BulkTransformer : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (operation.RequestBody?.Content is { } request && request.TryGetValue(MovieBulkEndpoints.Ndjson, out var lines))
        {
            request["application/json"] = new OpenApiMediaType
            {
                Schema = new OpenApiSchema { Type = JsonSchemaType.Array, Items = lines.Schema },
            };
            request[MovieBulkEndpoints.Ndjson] = Lines(lines.Schema!);
        }

        foreach (var content in operation.Responses!.Values.Select(response => response.Content).OfType<IDictionary<string, OpenApiMediaType>>())
        {
            if (content.TryGetValue(MovieBulkEndpoints.Ndjson, out var exported))
            {
                content[MovieBulkEndpoints.Ndjson] = Lines(exported.Schema!);
            }
        }

        return Task.CompletedTask;
    }

    private static OpenApiMediaType Lines(IOpenApiSchema line) => new()
    {
        Schema = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Description = $"One {((OpenApiSchemaReference)line).Reference.Id} as JSON on each line.",
        },
    };
}

/// <summary>Lists the values that a property can have.</summary>
internal sealed class EnumTransformer : IOpenApiSchemaTransformer
{
    private static readonly string[] Codes =
    [
        .. typeof(ProblemCodes).GetFields().Select(field => Convert.ToString(field.GetRawConstantValue(), CultureInfo.InvariantCulture)!).Order(),
    ];

    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var property = context.JsonPropertyInfo;
        if (property?.Name == "mpaaRating")
        {
            schema.Enum = [.. Limits.MpaaRatings.Select(rating => JsonValue.Create(rating)), JsonNullSentinel.JsonNull];
        }
        else if (property?.AttributeProvider?.GetCustomAttributes(typeof(AllowedValuesAttribute), inherit: true)
            is [AllowedValuesAttribute allowed])
        {
            schema.Enum = [.. allowed.Values.OfType<string>().Select(value => JsonValue.Create(value))];
        }
        else if (property?.Name == "code" && property.DeclaringType == typeof(Problem))
        {
            schema.Enum = [.. Codes.Select(code => JsonValue.Create(code))];
        }

        return Task.CompletedTask;
    }
}
