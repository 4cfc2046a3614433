using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.Data;
using MovieAspire.Api.Http;

namespace MovieAspire.Api.Identity;

/// <summary>
/// Makes Identity's answers the same whether or not an account exists: registering a taken address looks like success (its owner
/// gets a letter), a locked account like a wrong password. Errors are named by the field that the client sent.
/// </summary>
internal sealed class IdentityResponseFilter(AccountEmailSender emails) : IEndpointFilter
{
    /// <summary>How <see cref="SignInResult.TwoFactorRequired"/> reads.</summary>
    private const string SecondFactorNeeded = "RequiresTwoFactor";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        // First, since logging in writes its answer by itself.
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        var result = await next(context);
        switch (result is INestedHttpResult nested ? nested.Result : result)
        {
            case ValidationProblem { ProblemDetails.Errors: var errors } when context.Arguments[0] is RegisterRequest request && IsTaken(errors):
                emails.SendAddressTaken(request.Email);
                return TypedResults.Ok();
            case ValidationProblem { ProblemDetails.Errors: var errors }:
                return TypedResults.Problem(InvalidRequestException.Problem(IdentityErrorMap.ByField(errors, context.Arguments[0])));
            case ProblemHttpResult { ProblemDetails.Detail: var outcome }:
                return LoginRefused(outcome);
            case UnauthorizedHttpResult:
                return TypedResults.Problem(InvalidRequestException.Problem(new() { ["code"] = ["The link is damaged or no longer holds. Ask for another one."] }));
            default:
                return result;
        }
    }

    private static bool IsTaken(IDictionary<string, string[]> errors) =>
        errors.Keys.All(code => code is nameof(IdentityErrorDescriber.DuplicateEmail) or nameof(IdentityErrorDescriber.DuplicateUserName));

    /// <summary>Only who knows the password learns that a second factor is asked for; nobody learns that an account is locked.</summary>
    private static ProblemHttpResult LoginRefused(string? outcome)
    {
        var (code, detail) = outcome == SecondFactorNeeded
            ? (ProblemCodes.SecondFactorRequired, "Send twoFactorCode or twoFactorRecoveryCode, too.")
            : (ProblemCodes.LoginFailed, "The address or the password is wrong, or there were too many attempts; then wait a quarter of an hour.");
        return TypedResults.Problem(detail, statusCode: StatusCodes.Status401Unauthorized, extensions: new Dictionary<string, object?> { ["code"] = code });
    }
}

/// <summary>Identity names errors by codes of its own; clients look for the field that they sent.</summary>
internal static class IdentityErrorMap
{
    private const string Password = "Password";

    /// <param name="errors">Messages by Identity's code.</param>
    /// <param name="request">The body that they are about.</param>
    public static Dictionary<string, string[]> ByField(IDictionary<string, string[]> errors, object? request) =>
        errors.GroupBy(error => FieldOf(error.Key, request), error => error.Value)
            .ToDictionary(field => field.Key, field => field.SelectMany(messages => messages).Distinct().ToArray());

    private static string FieldOf(string code, object? request) => code switch
    {
        "OldPasswordRequired" or nameof(IdentityErrorDescriber.PasswordMismatch) => "oldPassword",
        _ when code.StartsWith(Password, StringComparison.Ordinal) => request is RegisterRequest ? "password" : "newPassword",
        nameof(IdentityErrorDescriber.InvalidEmail) => request is InfoRequest ? "newEmail" : "email",
        nameof(IdentityErrorDescriber.InvalidToken) => "resetCode",
        "RequiresTwoFactor" or "InvalidTwoFactorCode" => "twoFactorCode",
        "CannotResetSharedKeyAndEnable" => "resetSharedKey",
        _ => "$",
    };
}
