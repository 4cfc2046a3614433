using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace MovieAspire.Api.Http;

/// <summary>
/// Refuses query parameters that the operation does not know, that come twice or that are not of their type, each by
/// its name. The framework would ignore the first, take one of the second and say little of the third.
/// </summary>
internal sealed class StrictQueryMiddleware(RequestDelegate next)
{
    private static readonly ConcurrentDictionary<Endpoint, IReadOnlyDictionary<string, QueryParameter>> Known = new();

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Query.Count > 0 && context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<MethodInfo>() is not null)
        {
            var errors = Check(context.Request.Query, Known.GetOrAdd(endpoint, Parameters));
            if (errors.Count > 0)
            {
                await TypedResults.Problem(InvalidRequestException.Problem(errors)).ExecuteAsync(context);
                return;
            }
        }

        await next(context);
    }

    private static IReadOnlyDictionary<string, QueryParameter> Parameters(Endpoint endpoint)
    {
        var hidden = endpoint.Metadata.GetMetadata<WithoutQueryParameters>()?.Names ?? [];
        return QueryParameter.Of(endpoint.Metadata.GetRequiredMetadata<MethodInfo>())
            .Where(parameter => !hidden.Contains(parameter.Name))
            .ToDictionary(parameter => parameter.Name, StringComparer.Ordinal);
    }

    private static Dictionary<string, string[]> Check(IQueryCollection query, IReadOnlyDictionary<string, QueryParameter> known)
    {
        Dictionary<string, string[]> errors = [];
        foreach (var (name, values) in query)
        {
            if (!known.TryGetValue(name, out var parameter))
            {
                errors[name] = [known.Count == 0 ? "This operation takes no query parameters." : $"There is no such parameter; there are: {string.Join(", ", known.Keys)}."];
            }
            else if (values.Count > 1 && !parameter.IsRepeatable)
            {
                errors[name] = ["The parameter must come once."];
            }
            else if (values.Select(value => parameter.Refuse(value ?? "")).FirstOrDefault(message => message is not null) is { } message)
            {
                errors[name] = [message];
            }
        }

        return errors;
    }
}

/// <summary>A query parameter that an operation takes, as its handler declares it.</summary>
internal sealed record QueryParameter(string Name, Type Type)
{
    /// <summary>An exact instant: RFC 3339 with an offset, so that nobody's local time is guessed at.</summary>
    private static readonly string[] Instants =
        ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public bool IsRepeatable => Type.IsArray;

    /// <summary>The query parameters of a handler, those inside an <c>[AsParameters]</c> type included.</summary>
    public static IEnumerable<QueryParameter> Of(MethodInfo handler) => handler.GetParameters().SelectMany(Of);

    /// <summary>What is wrong with a value, or null when the parameter's type takes it.</summary>
    public string? Refuse(string value) => Type.GetTypeCode(Element) switch
    {
        _ when value.Contains('\0', StringComparison.Ordinal) => PostgresStringConverter.NulMessage,
        _ when Element == typeof(DateOnly) => DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? null : "The value must be a date such as 1994-10-14.",
        _ when Element == typeof(DateTimeOffset) => HasOffset(value) && DateTimeOffset.TryParseExact(value, Instants, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? null : "The value must be an instant such as 2026-01-31T12:00:00Z.",
        TypeCode.Int32 => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            ? null : "The value must be a whole number.",
        TypeCode.Decimal => decimal.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _)
            ? null : "The value must be a number.",
        TypeCode.Boolean => value is "true" or "false" ? null : "The value must be true or false.",
        TypeCode.String => null,
        var other => throw new NotSupportedException($"The query parameter '{Name}' has a type ({other}) that nothing here checks."),
    };

    private Type Element
    {
        get
        {
            var element = Type.IsArray ? Type.GetElementType()! : Type;
            return Nullable.GetUnderlyingType(element) ?? element;
        }
    }

    private static bool HasOffset(string value) => value.EndsWith('Z') || value.LastIndexOfAny(['+', '-']) > value.IndexOf('T', StringComparison.Ordinal);

    private static IEnumerable<QueryParameter> Of(ParameterInfo parameter)
    {
        if (parameter.GetCustomAttribute<AsParametersAttribute>() is not null)
        {
            return parameter.ParameterType.GetProperties()
                .Select(property => (property, query: FromQuery(property)))
                .Where(pair => pair.query is not null)
                .Select(pair => new QueryParameter(pair.query!.Name ?? pair.property.Name, pair.property.PropertyType));
        }

        return FromQuery(parameter) is { } attribute
            ? [new QueryParameter(attribute.Name ?? parameter.Name!, parameter.ParameterType)]
            : [];
    }

    // By the interface: Identity's endpoints have an attribute of their own.
    private static IFromQueryMetadata? FromQuery(ICustomAttributeProvider declaration) =>
        declaration.GetCustomAttributes(inherit: true).OfType<IFromQueryMetadata>().FirstOrDefault();
}

/// <summary>Query parameters that the handler declares but the operation does not take.</summary>
internal sealed record WithoutQueryParameters(params string[] Names);
