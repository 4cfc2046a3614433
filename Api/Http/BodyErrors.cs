using System.ComponentModel.DataAnnotations;
using System.Net.Mime;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Metadata;

namespace MovieAspire.Api.Http;

/// <summary>
/// All errors of a JSON body that could not be read. The serializer stops at the first error, and validation runs only after it succeeds,
/// so without this a client would learn of its mistakes one by one.
/// </summary>
/// <param name="ByField">Error messages by field; empty if the body is not an object.</param>
/// <param name="IsMalformed">Whether a field is unknown or has the wrong type, as opposed to missing or out of range.</param>
internal sealed record BodyErrors(Dictionary<string, string[]> ByField, bool IsMalformed)
{
    // The longest body of any operation except the import, which does not take a single object.
    private const int MaxBytes = 256 * 1024;

    /// <summary>Buffers the body of an operation that takes a JSON object, so that it can be read again.</summary>
    public static void KeepBody(HttpContext context)
    {
        if (ObjectOf(context.GetEndpoint()) is not null && context.Request.HasJsonContentType())
        {
            context.Request.EnableBuffering(MaxBytes);
        }
    }

    /// <summary>Finds the errors of the request's body; null if it cannot be read again or is not JSON.</summary>
    public static async Task<BodyErrors?> FindAsync(HttpContext context, Endpoint? endpoint, JsonSerializerOptions options)
    {
        if (ObjectOf(endpoint) is not { } type || !context.Request.Body.CanSeek)
        {
            return null;
        }

        try
        {
            context.Request.Body.Position = 0;
            var strict = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = options.MaxDepth };
            using var body = await JsonDocument.ParseAsync(context.Request.Body, strict, context.RequestAborted);
            return Find(body.RootElement, type, options);
        }
        catch (Exception e) when (e is JsonException or InvalidRequestException or IOException)
        {
            // The rest of the body may also be too large or damaged.
            return null;
        }
    }

    public static BodyErrors Find(JsonElement body, Type type, JsonSerializerOptions options)
    {
        BodyErrors errors = new([], false);
        if (body.ValueKind != JsonValueKind.Object)
        {
            return errors;
        }

        var value = RuntimeHelpers.GetUninitializedObject(type);
        var members = body.EnumerateObject().ToDictionary(member => member.Name, member => member.Value);
        foreach (var property in options.GetTypeInfo(type).Properties)
        {
            if (members.Remove(property.Name, out var member))
            {
                errors = errors.Check(property, member, value, options);
            }
            else if (property.IsRequired)
            {
                errors.ByField[property.Name] = JsonErrors.Required;
            }
        }

        foreach (var name in members.Keys)
        {
            errors.ByField[name] = JsonErrors.Unknown;
        }

        return errors with { IsMalformed = errors.IsMalformed || members.Count > 0 };
    }

    private BodyErrors Check(JsonPropertyInfo property, JsonElement member, object owner, JsonSerializerOptions options)
    {
        try
        {
            var value = member.Deserialize(options.GetTypeInfo(property.PropertyType));
            if (value is null && !property.IsSetNullable)
            {
                ByField[property.Name] = JsonErrors.OfAnotherType;
                return this with { IsMalformed = true };
            }

            // The setter normalizes the value, as it does for a valid body. Properties that are set through a constructor have no callable
            // setter.
            if (property is { AssociatedParameter: null, Set: { } set, Get: { } get })
            {
                set(owner, value);
                value = get(owner);
            }

            var context = new ValidationContext(owner) { MemberName = property.Name, DisplayName = property.Name };
            var broken = property.AttributeProvider?.GetCustomAttributes(typeof(ValidationAttribute), inherit: true)
                .Cast<ValidationAttribute>().Select(rule => rule.GetValidationResult(value, context)?.ErrorMessage)
                .FirstOrDefault(message => message is not null);
            if (broken is not null)
            {
                ByField[property.Name] = [broken];
            }

            return this;
        }
        catch (JsonException exception)
        {
            var (field, messages) = JsonErrors.ByField(exception).First();
            ByField[property.Name + field.TrimStart('$')] = messages;
            return this with { IsMalformed = true };
        }
    }

    private static Type? ObjectOf(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<IAcceptsMetadata>() is { RequestType: { } type, ContentTypes: [MediaTypeNames.Application.Json] } ? type : null;
}
