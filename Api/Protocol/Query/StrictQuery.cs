using System.Collections.Concurrent;
using System.Reflection;
using MovieAspire.Api.Protocol.Problems;

namespace MovieAspire.Api.Protocol.Query;

/// <summary>
/// Refuses query parameters that the operation does not know, that come twice or that are not of their type, each by
/// its name. The framework would ignore the first, take one of the second and say little of the third.
/// </summary>
internal sealed class StrictQuery(RequestDelegate next)
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
