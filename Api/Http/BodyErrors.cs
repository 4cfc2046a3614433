using System.ComponentModel.DataAnnotations;
using System.Net.Mime;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Metadata;

namespace MovieAspire.Api.Http;

/// <summary>
/// All that is wrong with a JSON object that could not be read. The serializer stops at the first fault, and comes to the values only when
/// there is none, so that a client would learn of its mistakes one by one.
/// </summary>
/// <param name="ByField">What is wrong, by field; empty where the value is no object.</param>
/// <param name="IsMalformed">Whether a field is unknown or of another type, rather than missing or out of range.</param>
internal sealed record BodyErrors(Dictionary<string, string[]> ByField, bool IsMalformed)
{
    // The longest body but that of the import, which is no single object.
    private const int MaxBytes = 256 * 1024;

    /// <summary>Keeps the body of an operation that takes a JSON object, to be looked at once more.</summary>
    public static void KeepBody(HttpContext context)
    {
        if (ObjectOf(context.GetEndpoint()) is not null && context.Request.HasJsonContentType())
        {
            context.Request.EnableBuffering(MaxBytes);
        }
    }

    /// <summary>The faults of the request's body; null where it cannot be read again, or not as JSON.</summary>
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
            // Also where the rest is too large or cannot be unpacked.
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

            // The setter normalizes, as for a body without faults. What generated code gives to a constructor has none that can be called.
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
