using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Primitives;

namespace MovieAspire.Api.Http;

/// <summary>
/// Refuses query parameters that are unknown, repeated, of the wrong type or out of range, and names all of them at once. The framework
/// ignores unknown parameters, picks one of repeated ones, and gives no reason for a wrong type.
/// </summary>
internal sealed class StrictQueryMiddleware(RequestDelegate next)
{
    private static readonly ConcurrentDictionary<Endpoint, IReadOnlyDictionary<string, QueryParameter>> Known = new();

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Query.Count > 0
            && context.GetEndpoint() is { } endpoint
            && endpoint.Metadata.GetMetadata<MethodInfo>() is not null)
        {
            var errors = Check(context.Request.Query, Known.GetOrAdd(endpoint, Parameters));
            if (errors.Count > 0)
            {
                await ApiProblem.Invalid(errors).ExecuteAsync(context);
                return;
            }
        }

        await next(context);
    }

    private static IReadOnlyDictionary<string, QueryParameter> Parameters(Endpoint endpoint)
    {
        var hidden = endpoint.Metadata.GetMetadata<WithoutQueryParameters>()?.Names ?? [];
        return QueryParameter.FromHandler(endpoint.Metadata.GetRequiredMetadata<MethodInfo>())
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
                errors[name] = [known.Count == 0
                    ? "This operation has no query parameters."
                    : $"Unknown parameter. Valid parameters: {string.Join(", ", known.Keys)}."];
            }
            else if (values.Count > 1 && !parameter.IsRepeatable)
            {
                errors[name] = ["The parameter must not be repeated."];
            }
            else if (values.Select(value => parameter.Validate(value ?? "")).FirstOrDefault(message => message is not null) is { } message)
            {
                errors[name] = [message];
            }
            else if (parameter.FindBrokenRule(values) is { } rule)
            {
                errors[name] = [rule];
            }
        }

        return errors;
    }
}

/// <summary>A query parameter as an endpoint's handler declares it.</summary>
internal sealed partial record QueryParameter(string Name, Type Type, IReadOnlyList<ValidationAttribute> Rules)
{
    public bool IsRepeatable => Type.IsArray;

    /// <summary>The query parameters of a handler, those inside an <c>[AsParameters]</c> type included.</summary>
    public static IEnumerable<QueryParameter> FromHandler(MethodInfo handler) => handler.GetParameters().SelectMany(FromParameter);

    /// <summary>The error message for a value that is not of the parameter's type, or null.</summary>
    public string? Validate(string value) => Type.GetTypeCode(Element) switch
    {
        _ when value.Contains('\0', StringComparison.Ordinal) => PostgresStringConverter.NulMessage,
        _ when Element == typeof(DateOnly) => IsDate(value)
            ? null : "The value must be a date such as 1994-10-14.",
        _ when Element == typeof(DateTimeOffset) => IsInstant(value)
            ? null : "The value must be an instant such as 2026-01-31T12:00:00Z.",
        TypeCode.Int32 => IsWhole<int>(value)
            ? null : "The value must be a whole number.",
        TypeCode.Int64 => IsWhole<long>(value)
            ? null : "The value must be a whole number.",
        TypeCode.Decimal => IsDecimal(value)
            ? null : "The value must be a number.",
        TypeCode.Boolean => value is "true" or "false" ? null : "The value must be true or false.",
        TypeCode.String => null,
        var other => throw new NotSupportedException($"{nameof(QueryParameter)} does not validate the type {other} of '{Name}'."),
    };

    /// <summary>The error message of a validation attribute, or null.</summary>
    public string? FindBrokenRule(StringValues values)
    {
        object? value = Type.GetTypeCode(Element) switch
        {
            _ when IsRepeatable => values.ToArray(),
            TypeCode.Int32 => int.Parse(values[0]!, CultureInfo.InvariantCulture),
            TypeCode.Decimal => decimal.Parse(values[0]!, CultureInfo.InvariantCulture),
            TypeCode.String => values[0],
            _ => null,
        };
        return Rules.FirstOrDefault(rule => !rule.IsValid(value))?.FormatErrorMessage(Name);
    }

    private Type Element
    {
        get
        {
            var element = Type.IsArray ? Type.GetElementType()! : Type;
            return Nullable.GetUnderlyingType(element) ?? element;
        }
    }

    private static bool IsWhole<T>(string value)
        where T : IBinaryInteger<T> =>
        T.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && value == number.ToString(null, CultureInfo.InvariantCulture);

    private static bool IsDate(string value) =>
        DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static bool IsInstant(string value) =>
        Instant().IsMatch(value) && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    // RFC 3339 with an offset. A local time would be ambiguous.
    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex Instant();

    private static bool IsDecimal(string value) =>
        Number().IsMatch(value)
        && decimal.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);

    // The JSON syntax, without an exponent.
    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?\z")]
    private static partial Regex Number();

    private static IEnumerable<QueryParameter> FromParameter(ParameterInfo parameter)
    {
        if (parameter.GetCustomAttribute<AsParametersAttribute>() is not null)
        {
            return parameter.ParameterType.GetProperties()
                .Select(property => (property, query: FromQuery(property)))
                .Where(pair => pair.query is not null)
                .Select(pair => new QueryParameter(pair.query!.Name ?? pair.property.Name, pair.property.PropertyType, RulesOf(pair.property)));
        }

        return FromQuery(parameter) is { } attribute
            ? [new QueryParameter(attribute.Name ?? parameter.Name!, parameter.ParameterType, RulesOf(parameter))]
            : [];
    }

    private static ValidationAttribute[] RulesOf(ICustomAttributeProvider declaration) =>
        [.. declaration.GetCustomAttributes(inherit: true).OfType<ValidationAttribute>()];

    // Looks for the interface, because Identity's endpoints use an attribute of their own.
    private static IFromQueryMetadata? FromQuery(ICustomAttributeProvider declaration) =>
        declaration.GetCustomAttributes(inherit: true).OfType<IFromQueryMetadata>().FirstOrDefault();
}

/// <summary>Query parameters that the handler declares but the operation does not have.</summary>
internal sealed record WithoutQueryParameters(params string[] Names);
