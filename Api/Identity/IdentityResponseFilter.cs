using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.Data;
using MovieAspire.Api.Emails;
using MovieAspire.Api.Http;

namespace MovieAspire.Api.Identity;

/// <summary>
/// Makes Identity's responses the same whether or not an account exists: registering a taken email looks like success (its owner
/// gets an email), a locked account like a wrong password. Errors are named by the field of the request. What would give the account to
/// whoever has a token asks for a recent login; a new password, for the old one.
/// </summary>
internal sealed class IdentityResponseFilter(EmailQueue emails) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        // Set before the handler runs, because login writes its response itself.
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        if (context.Arguments.OfType<InfoRequest>().FirstOrDefault() is { NewEmail: { Length: > 0 } email }
            && !EmailValidator.IsEmail(email))
        {
            // Identity only checks for an "@" before it sends the confirmation.
            return ApiProblem.Invalid(new() { ["newEmail"] = [new IdentityErrorDescriber().InvalidEmail(email).Description] });
        }

        if (context.Arguments.Any(argument => argument is TwoFactorRequest or InfoRequest { NewEmail.Length: > 0 })
            && await context.HttpContext.RequestServices.GetRequiredService<SessionStore>()
                .RequireRecentLoginAsync(context.HttpContext) is { } tooLongAgo)
        {
            return tooLongAgo;
        }

        var result = await next(context);
        if (context.Arguments.Any(argument => argument is ForgotPasswordRequest or ResendConfirmationEmailRequest))
        {
            await emails.WriteNothingUnlessWrittenAsync();
        }

        switch (result is INestedHttpResult nested ? nested.Result : result)
        {
            case ValidationProblem { ProblemDetails.Errors: var errors }
                when context.Arguments[0] is RegisterRequest request && IsTaken(errors):
                await emails.SendEmailTakenAsync(request.Email);
                return TypedResults.Ok();
            case ValidationProblem { ProblemDetails.Errors: var errors } when errors.ContainsKey(nameof(IdentityErrorDescriber.ConcurrencyFailure)):
                return ApiProblem.Create(
                    StatusCodes.Status409Conflict, ProblemCodes.Conflict, "The account was changed at the same time. Send the request again.");
            case ValidationProblem { ProblemDetails.Errors: var errors }:
                return ApiProblem.Invalid(IdentityErrorMap.ByField(errors, context.Arguments[0]));
            case ProblemHttpResult { ProblemDetails.Detail: var signInResult }:
                return LoginFailed(signInResult);
            case UnauthorizedHttpResult:
                return ApiProblem.Invalid(new() { ["code"] = ["The link is damaged or has expired. Request another one."] });
            default:
                return result;
        }
    }

    private static bool IsTaken(IDictionary<string, string[]> errors) =>
        errors.Keys.All(code => code is nameof(IdentityErrorDescriber.DuplicateEmail) or nameof(IdentityErrorDescriber.DuplicateUserName));

    /// <summary>Mention the second factor only if the password is right, and never mention a locked account.</summary>
    private static ProblemHttpResult LoginFailed(string? signInResult) => signInResult == FrameworkMessages.SecondFactorRequired
        ? ApiProblem.Create(
            StatusCodes.Status401Unauthorized,
            ProblemCodes.SecondFactorRequired,
            "Send twoFactorCode or twoFactorRecoveryCode, too.")
        : ApiProblem.Create(
            StatusCodes.Status401Unauthorized,
            ProblemCodes.LoginFailed,
            "The email or the password is wrong, or there were too many attempts; in that case wait 15 minutes.");
}

/// <summary>Maps Identity's error codes to the fields of the request.</summary>
internal static class IdentityErrorMap
{
    private const string Password = "Password";

    /// <param name="errors">Messages by Identity's code.</param>
    /// <param name="request">The body of the request.</param>
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
