using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net.Mime;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using MovieAspire.Api.Http;
using MovieAspire.Api.Movies;

namespace MovieAspire.Api.OpenApi;

/// <summary>Title, license and server of the document.</summary>
internal sealed class DocumentTransformer : IOpenApiDocumentTransformer
{
    private static readonly (string Name, string Description)[] Tags =
    [
        ("Accounts", "Registration, login and everything that proves who somebody is."),
        ("Movies", "The catalog: for everybody to read, for admins to write."),
        ("Genres", "The genres that the movies of the catalog have."),
        ("Ratings", "The signed-in user's ratings, from 1 to 10."),
        ("Reviews", "Reviews, and the votes of those whom they helped."),
        ("Favorites", "The movies that the signed-in user marked."),
        ("Me", "The signed-in user's account and everything stored about it."),
        ("Users", "What everybody may know of a user."),
        ("Moderation", "Reported reviews, for moderators and admins."),
        ("Administration", "Accounts, for admins: roles, locks and sessions, and the trail of what admins and moderators did."),
    ];

    public async Task TransformAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "MovieAspire",
            Version = "1.0.0",
            Description =
                "A movie platform: movies, genres, ratings, reviews and favorites. "
                + "Errors are problem documents (RFC 9457) with a stable code. "
                + "Lists are paged by cursors, each valid for one sort and one set of filters.",
            Contact = new OpenApiContact { Name = "MovieAspire" },
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };

        // Relative to the document's address, so that the document is the same on every machine.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Tags = Tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }).ToHashSet();
        await RemoveUnusedSchemasAsync(document, cancellationToken);
    }

    /// <summary>Schemas that operations added and a transformer replaced.</summary>
    private static async Task RemoveUnusedSchemasAsync(OpenApiDocument document, CancellationToken cancellationToken)
    {
        var text = await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellationToken);
        bool IsUnused(string name) => !text.Contains($"\"#/components/schemas/{name}\"", StringComparison.Ordinal);
        foreach (var name in document.Components!.Schemas!.Keys.Where(IsUnused).ToList())
        {
            document.Components.Schemas.Remove(name);
        }
    }
}

/// <summary>Adds what the generator omits: allowed values, and that no query parameter is required.</summary>
internal sealed class ParameterTransformer : IOpenApiOperationTransformer
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
        parameter.ParameterDescriptor is IParameterInfoParameterDescriptor { ParameterInfo: { } info }
            ? info.GetCustomAttribute<T>()
            : null;
}

/// <summary>Adds the headers that no handler declares: If-Match and Idempotency-Key.</summary>
internal sealed class HeaderTransformer : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IdempotentMetadata>().Any())
        {
            Add(
                operation,
                IdempotencyMiddleware.Header,
                "Makes the request safe to retry: for a day, the same key and request replay the first response.");
        }

        if (operation.Responses?.ContainsKey("412") == true)
        {
            var isRequired = operation.Responses.ContainsKey("428");
            Add(operation, "If-Match", "The ETag that was read, or * for any version. 412 if the version has changed.", isRequired);
        }

        return Task.CompletedTask;
    }

    private static void Add(OpenApiOperation operation, string name, string description, bool isRequired = false) =>
        (operation.Parameters ??= []).Add(new OpenApiParameter
        {
            Name = name,
            Required = isRequired,
            In = ParameterLocation.Header,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
}

/// <summary>Describes merge patches: each property is optional, and null removes those that the object does not require.</summary>
internal sealed class MergePatchTransformer : IOpenApiOperationTransformer
{
    public async Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
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
        schema.Description = "A JSON merge patch (RFC 7386): properties that are left out stay, null removes.";
        var component = patched.Name + "Patch";
        context.Document!.AddComponent(component, schema);
        operation.RequestBody!.Content![MergePatch.ContentType] =
            new OpenApiMediaType { Schema = new OpenApiSchemaReference(component, context.Document) };
    }
}

/// <summary>Adds the errors that all operations share, and the schema of problem documents to every error.</summary>
internal sealed class ProblemResponseTransformer : IOpenApiOperationTransformer
{
    private const string SchemaName = "Problem";

    private static readonly int[] BodyErrors =
        [StatusCodes.Status408RequestTimeout, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType];

    public async Task TransformAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var responses = operation.Responses ??= [];
        var shared = Shared(context.Description.ActionDescriptor.EndpointMetadata);
        foreach (var status in operation.RequestBody is null ? shared : shared.Concat(BodyErrors))
        {
            responses.TryAdd(status.ToString(CultureInfo.InvariantCulture), new OpenApiResponse());
        }

        context.Document!.AddComponent(
            SchemaName, await context.GetOrCreateSchemaAsync(typeof(Problem), cancellationToken: cancellationToken));
        operation.Responses = [];
        foreach (var (status, response) in responses.OrderBy(response => response.Key, StringComparer.Ordinal))
        {
            operation.Responses.Add(status, Code(status) < 400 ? response : Error(Code(status), context.Document!));
        }
    }

    /// <summary>Describe the error once, for all operations.</summary>
    private static OpenApiResponseReference Error(int status, OpenApiDocument document)
    {
        var phrase = ReasonPhrases.GetReasonPhrase(status);
        var name = phrase.Replace(" ", "", StringComparison.Ordinal);
        var error = new OpenApiResponse
        {
            Description = phrase,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [MediaTypeNames.Application.ProblemJson] = new() { Schema = new OpenApiSchemaReference(SchemaName, document) },
            },
        };
        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            error.AddHeader(HeaderNames.RetryAfter, "After how many seconds to try again.", document);
        }

        switch (status)
        {
            case StatusCodes.Status401Unauthorized:
                error.AddHeader(HeaderNames.WWWAuthenticate, "Bearer, and what is wrong with the token (RFC 6750, RFC 9470).", document);
                break;
            case StatusCodes.Status415UnsupportedMediaType:
                error.AddHeader(HeaderNames.AcceptEncoding, "The encodings that a compressed body may have.", document);
                break;
        }

        if (status < StatusCodes.Status500InternalServerError)
        {
            error.AddRateLimitHeaders(document);
        }

        document.AddComponent<IOpenApiResponse>(name, error);
        return new(name, document);
    }

    private static int Code(string status) => int.Parse(status, CultureInfo.InvariantCulture);

    private static IEnumerable<int> Shared(IList<object> metadata)
    {
        // Every operation refuses unknown query parameters, and needs the database.
        yield return StatusCodes.Status400BadRequest;
        yield return StatusCodes.Status429TooManyRequests;
        yield return StatusCodes.Status500InternalServerError;
        yield return StatusCodes.Status503ServiceUnavailable;
        if (!metadata.OfType<DisableRequestTimeoutAttribute>().Any())
        {
            yield return StatusCodes.Status504GatewayTimeout;
        }

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

/// <summary>A problem document (RFC 9457).</summary>
public sealed record Problem
{
    /// <summary>A URN that ends with the code.</summary>
    public required string Type { get; init; }

    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What happened, and what to do about it.</summary>
    public string? Detail { get; init; }

    /// <summary>Stable, for programs to branch on, such as <c>validation_failed</c>. A code is never renamed.</summary>
    public required string Code { get; init; }

    /// <summary>Identifies the request in logs and traces.</summary>
    public required string TraceId { get; init; }

    /// <summary>Messages by field or parameter; <c>$</c> is the whole body.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>Of an import that ended early: what was committed before.</summary>
    public ImportCounts? Imported { get; init; }
}

/// <summary>Declares which operations require a token, so that generated clients send one.</summary>
internal sealed class SecurityTransformer : IOpenApiOperationTransformer
{
    private const string SchemeName = "bearer";

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAuthorizeData>().Any() || metadata.OfType<AuthorizationPolicy>().Any())
        {
            context.Document!.AddComponent<IOpenApiSecurityScheme>(SchemeName, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "The accessToken from POST /api/v1/auth/login.",
            });
            operation.Security = [new() { [new OpenApiSecuritySchemeReference(SchemeName, context.Document)] = [] }];
        }
        else
        {
            operation.Security = [];
        }

        return Task.CompletedTask;
    }
}

/// <summary>Describes strings and integers, which the generator cannot, because custom converters read them.</summary>
internal sealed class ScalarSchemaTransformer : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (Describe(Nullable.GetUnderlyingType(type) ?? type) is var (kind, format))
        {
            // A parameter that is null is left out; a property of a body can be null.
            var isNullable = kind == JsonSchemaType.String
                ? context.JsonPropertyInfo?.IsGetNullable == true
                : Nullable.GetUnderlyingType(type) is not null && (context.ParameterDescription is null || context.JsonPropertyInfo is not null);
            schema.Type = isNullable ? kind | JsonSchemaType.Null : kind;
            schema.Format ??= format;
        }
        else if (context.JsonTypeInfo.ElementType is { } element && Describe(element) is var (items, itemFormat)
            && schema.Type?.HasFlag(JsonSchemaType.Array) == true)
        {
            schema.Items = new OpenApiSchema { Type = items, Format = itemFormat };
        }

        return Task.CompletedTask;
    }

    private static (JsonSchemaType Kind, string? Format)? Describe(Type type) => type switch
    {
        _ when type == typeof(string) => (JsonSchemaType.String, null),
        _ when type == typeof(int) => (JsonSchemaType.Integer, "int32"),
        _ when type == typeof(long) => (JsonSchemaType.Integer, "int64"),
        _ => null,
    };
}
