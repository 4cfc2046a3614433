using System.Net.Mime;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using MovieAspire.Api.Http;

namespace MovieAspire.Api.OpenApi;

/// <summary>Adds names and descriptions to Identity's endpoints, which have none.</summary>
internal sealed class IdentityTransformer : IOpenApiOperationTransformer
{
    private const string Prefix = "api/v1/auth/";

    private static readonly Dictionary<string, (string Id, string Summary, string Description)> Operations = new()
    {
        ["POST register"] = ("register", "Register",
            "Creates an account. The response is the same when the email has an account; its owner then gets an email."),
        ["POST login"] = ("logIn", "Log in",
            "Returns an access token, to be sent as 'Authorization: Bearer …', and a refresh token with a longer lifetime. "
            + "An unknown email, a wrong password and a locked account get the same response."),
        ["POST refresh"] = ("refreshTokens", "Refresh tokens",
            "Returns new tokens of the same session for a refresh token. Each is good once: using it again ends the session, for whoever "
            + "has its tokens. 401 where the session has ended; log in again."),
        ["GET confirmEmail"] = ("confirmEmail", "Confirm an email", "The target of the link in the confirmation email."),
        ["POST resendConfirmationEmail"] = ("resendConfirmationEmail", "Resend the confirmation email",
            "Sends the confirmation link again, if the email has an account. The response does not reveal it."),
        ["POST forgotPassword"] = ("forgotPassword", "Request a password reset",
            "Sends an email with a reset code, if the email is confirmed. The response does not reveal it."),
        ["POST resetPassword"] = ("resetPassword", "Reset the password",
            "Sets a new password with the code from the email. All sessions end."),
        ["POST manage/2fa"] = ("manageSecondFactor", "Manage the second factor",
            "Returns the key for an authenticator app, turns the second factor on (with a code from the app) or off, "
            + "and returns recovery codes. Turning it on or off ends all sessions. Requires a login of the last 10 minutes (401 otherwise)."),
        ["GET manage/info"] = ("getLogin", "Get your email", "The email of the account, and whether it is confirmed."),
        ["POST manage/info"] = ("changeLogin", "Change email or password",
            "A new password requires the old one and ends all sessions. A new email requires a login of the last 10 minutes (401 otherwise), "
            + "and takes effect once it is confirmed."),
    };

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var path = context.Description.RelativePath!;
        // Other endpoints are ours and have XML comments.
        if (!path.StartsWith(Prefix, StringComparison.Ordinal)
            || !Operations.TryGetValue($"{context.Description.HttpMethod} {path[Prefix.Length..]}", out var texts))
        {
            return Task.CompletedTask;
        }

        (operation.OperationId, operation.Summary, operation.Description) = texts;
        var hidden = context.Description.ActionDescriptor.EndpointMetadata.OfType<WithoutQueryParameters>()
            .SelectMany(without => without.Names).ToHashSet();
        operation.Parameters = operation.Parameters?.Where(parameter => !hidden.Contains(parameter.Name!)).ToList();
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            parameter.Required = parameter.Name != "changedEmail";
        }

        if (operation.OperationId is "confirmEmail")
        {
            operation.Responses!["200"] = new OpenApiResponse
            {
                Description = "OK",
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [MediaTypeNames.Text.Plain] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
                },
            };
        }
        else if (operation.OperationId is "logIn" or "refreshTokens")
        {
            operation.Responses!.TryAdd("401", new OpenApiResponse());
        }
        else if (operation.OperationId is "changeLogin" or "manageSecondFactor" or "resetPassword")
        {
            operation.Responses!.TryAdd("409", new OpenApiResponse());
        }

        return Task.CompletedTask;
    }
}
