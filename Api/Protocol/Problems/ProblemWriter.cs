using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace MovieAspire.Api.Protocol.Problems;

/// <summary>
/// Completes and writes each problem document. It does so whatever the Accept header says: a client that cannot
/// read JSON is still better served by it than by nothing.
/// </summary>
internal sealed class ProblemWriter(IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json) : IProblemDetailsWriter
{
    private const string TypePrefix = "urn:movieaspire:problem:";

    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        Complete(context.ProblemDetails, http.Response.StatusCode);
        context.ProblemDetails.Extensions["traceId"] = Activity.Current?.Id ?? http.TraceIdentifier;
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsJsonAsync(
            context.ProblemDetails,
            context.ProblemDetails.GetType(),
            json.Value.SerializerOptions,
            "application/problem+json",
            http.RequestAborted);
    }

    private static void Complete(ProblemDetails problem, int responseStatus)
    {
        var status = problem.Status ??= responseStatus;
        var validation = problem as HttpValidationProblemDetails;
        if (!problem.Extensions.TryGetValue("code", out var code))
        {
            code = validation is null ? ProblemCodes.For(status) : ProblemCodes.ValidationFailed;
            problem.Extensions["code"] = code;
            NameAsOnTheWire(validation?.Errors);
        }

        problem.Type = TypePrefix + code;
        problem.Title = validation is null ? ReasonPhrases.GetReasonPhrase(status) : "Something in the request is not valid.";
        problem.Detail ??= validation is null ? ProblemHints.For(status) : "See errors, which names each field.";
    }

    /// <summary>The framework's validation names members as the code does; clients know them as they travel.</summary>
    private static void NameAsOnTheWire(IDictionary<string, string[]>? errors)
    {
        foreach (var (member, messages) in errors?.ToArray() ?? [])
        {
            var name = string.Join('.', member.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));
            errors!.Remove(member);
            errors[name] = [.. messages.Select(message => message.Replace($"field {member}", $"field {name}", StringComparison.Ordinal))];
        }
    }
}
