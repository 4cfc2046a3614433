using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Serialization;
using MovieAspire.Admin.SignIn;
using MovieAspire.ApiClient.Models;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace MovieAspire.Admin.Connection;

/// <summary>Why a request to the API did not succeed, in words for the user who made it.</summary>
/// <param name="Message">What happened, and what to do about it.</param>
/// <param name="Code">The code of the API's problem document; null where there is none, such as when nothing answers.</param>
public sealed record ApiError(string Message, Problem_code? Code = null)
{
    private const string Whole = "$";

    private static readonly ActivitySource Source = new("MovieAspire.Admin");

    /// <summary>Messages by field or parameter, as the API names it.</summary>
    public IReadOnlyDictionary<string, string[]> Fields { get; init; } = new Dictionary<string, string[]>();

    /// <summary>True where the same request may succeed in a moment.</summary>
    public bool MayPass { get; init; }

    /// <summary>True where the API is not there, which says nothing about the request.</summary>
    public bool IsNoAnswer => MayPass && Code is null or Problem_code.Unavailable;

    /// <summary>When the API takes requests again, where it said so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True where the user has to sign in again first; the layout asks for it.</summary>
    public bool IsSessionEnded { get; init; }

    /// <summary>What the API says about a field; null where it accepts it.</summary>
    public string? GetMessage(string field) => Fields.TryGetValue(field, out var messages) ? string.Join(' ', messages) : null;

    /// <summary>
    /// Runs something that asks the API. Returns why it failed, or null where it did not. What is no failure of a request, such as a
    /// mistake in a page, is thrown.
    /// </summary>
    /// <remarks>
    /// A trace begins here, named after who asks: what a page does at a click, with all its requests, the API's work and its SQL. The trace
    /// of the connection that the click came through would never end.
    /// </remarks>
    public static async Task<ApiError?> CatchAsync(
        Func<Task> request, [CallerFilePath] string page = "", [CallerMemberName] string action = "")
    {
        if (Activity.Current?.Source != Source)
        {
            Activity.Current = null;
        }

        using var activity = Source.StartActivity($"{Path.GetFileNameWithoutExtension(page)}.{action}");
        try
        {
            await request();
            return null;
        }
        catch (Exception e) when (Describe(e) is not null)
        {
            return Describe(e);
        }
    }

    /// <summary>The error that an exception stands for; null where it is no failure of a request.</summary>
    public static ApiError? Describe(Exception exception) => exception switch
    {
        SessionEndedException => new("You have been signed out. Sign in again, and then try again.", Problem_code.Unauthenticated)
        {
            IsSessionEnded = true,
        },
        Problem problem => Describe(problem),
        // A proxy in between, or an address that is not the API's.
        ApiException { ResponseStatusCode: >= 500 } => NoAnswer,
        ApiException { ResponseStatusCode: > 0 } e => new($"The API answered with status {e.ResponseStatusCode}, which this page does not expect."),
        HttpRequestException or HttpIOException or TimeoutException or TimeoutRejectedException or BrokenCircuitException => NoAnswer,
        _ => null,
    };

    private static ApiError NoAnswer { get; } =
        new("The API does not answer. It may be restarting: nothing that you typed is lost. Try again in a moment.") { MayPass = true };

    private static ApiError Describe(Problem problem)
    {
        var fields = (problem.Errors?.AdditionalData ?? new Dictionary<string, object>())
            .ToDictionary(error => error.Key, error => Texts(error.Value), StringComparer.Ordinal);
        var message = problem.Code switch
        {
            Problem_code.Forbidden => "Your roles do not allow this (any more).",
            Problem_code.Too_many_requests => "Too many requests in a short time. Wait a minute, and try again.",
            Problem_code.Precondition_failed => "Somebody else has just changed this. Try again to do it to what it is now.",
            Problem_code.Idempotency_in_progress => "The first try is still at work. Try again in a moment.",
            Problem_code.Unavailable or Problem_code.Timeout => NoAnswer.Message,
            Problem_code.Internal_error => $"The API failed. Its logs know more under the trace {problem.TraceId}.",
            Problem_code.Validation_failed when fields.TryGetValue(Whole, out var whole) => string.Join(' ', whole),
            Problem_code.Validation_failed => "Some fields need another value.",
            _ => problem.Detail ?? problem.Title ?? "The API refused the request.",
        };
        return new(message, problem.Code)
        {
            Fields = fields,
            RetryAfter = problem.ResponseHeaders.TryGetValue("Retry-After", out var values) && int.TryParse(values.First(), out var seconds)
                ? TimeSpan.FromSeconds(seconds)
                : null,
            MayPass = problem.Code is Problem_code.Idempotency_in_progress
                || problem.ResponseStatusCode is StatusCodes.Status429TooManyRequests or >= StatusCodes.Status500InternalServerError,
        };
    }

    private static string[] Texts(object value) => value switch
    {
        UntypedArray array => [.. array.GetValue().OfType<UntypedString>().Select(text => text.GetValue()).OfType<string>()],
        UntypedString text => [text.GetValue() ?? ""],
        _ => [$"{value}"],
    };
}
