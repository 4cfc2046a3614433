using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace MovieAspire.Api.Http;

internal static class MergePatch
{
    public const string ContentType = "application/merge-patch+json";
}

/// <summary>
/// A JSON merge patch (RFC 7386) for a <typeparamref name="T"/>: members replace, null removes, members that are left out stay.
/// </summary>
internal sealed class MergePatch<T>(JsonNode? patch, JsonSerializerOptions options) : IEndpointParameterMetadataProvider
    where T : class
{
    public static async ValueTask<MergePatch<T>?> BindAsync(HttpContext context)
    {
        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        try
        {
            var strict = new JsonDocumentOptions
            {
                AllowDuplicateProperties = options.AllowDuplicateProperties,
                MaxDepth = options.MaxDepth,
            };
            return new(await JsonNode.ParseAsync(context.Request.Body, null, strict, context.RequestAborted), options);
        }
        catch (JsonException exception)
        {
            throw new BadHttpRequestException(JsonErrors.BodyHint, exception);
        }
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata([MergePatch.ContentType], typeof(T)));

    /// <summary>Applies the patch to <paramref name="current"/> and validates the result like any other body.</summary>
    /// <exception cref="BadHttpRequestException">The result is not a <typeparamref name="T"/>.</exception>
    /// <exception cref="InvalidRequestException">A value is outside its limits.</exception>
    public T ApplyTo(T current)
    {
        var merged = MergePatchAlgorithm.Merge(JsonSerializer.SerializeToNode(current, options), patch);
        try
        {
            var result = merged.Deserialize<T>(options) ?? throw new InvalidRequestException("$", "A patch must be a JSON object.");
            Validate(result);
            return result;
        }
        catch (JsonException exception)
        {
            var errors = BodyErrors.Find(JsonSerializer.SerializeToElement(merged), typeof(T), options);
            throw errors.ByField.Count == 0
                ? new BadHttpRequestException(JsonErrors.BodyHint, exception)
                : new InvalidRequestException(errors.ByField, errors.IsMalformed ? ProblemCodes.MalformedBody : ProblemCodes.ValidationFailed);
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate fails here, when the merged document is serialized, before a converter reads it.
            throw new BadHttpRequestException(JsonErrors.BodyHint, new RejectedValueException("A text is not valid Unicode."));
        }
    }

    private static void Validate(T result)
    {
        var errors = RequestValidation.Validate(result)
            .GroupBy(error => error.Field, error => error.Message)
            .ToDictionary(field => field.Key, field => field.ToArray());
        if (errors.Count > 0)
        {
            throw new InvalidRequestException(errors);
        }
    }
}

/// <summary>The algorithm of RFC 7386, section 2.</summary>
internal static class MergePatchAlgorithm
{
    public static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var result = target as JsonObject ?? [];
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                result.Remove(name);
            }
            else
            {
                result.TryGetPropertyValue(name, out var current);
                result[name] = Merge(current?.DeepClone(), value);
            }
        }

        return result;
    }
}
