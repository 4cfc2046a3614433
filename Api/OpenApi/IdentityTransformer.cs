using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using MovieAspire.Api.Http;

namespace MovieAspire.Api.OpenApi;

/// <summary>Describes Identity's endpoints, which bring no names or descriptions of their own.</summary>
internal sealed class IdentityTransformer : IOpenApiOperationTransformer
{
    private const string Prefix = "api/v1/auth/";

    private static readonly Dictionary<string, (string Id, string Summary, string Description)> Operations = new()
    {
        ["POST register"] = ("register", "Register",
            "Makes an account. The answer is the same when the address has one already; its owner then gets a letter."),
        ["POST login"] = ("logIn", "Log in",
            "Gives an access token, to be sent as 'Authorization: Bearer …', and a refresh token that outlives it. An unknown address, a wrong password and a locked account are answered alike."),
        ["POST refresh"] = ("refreshTokens", "Refresh tokens",
            "Gives new tokens for a refresh token, unless the password has changed or the account is gone."),
        ["GET confirmEmail"] = ("confirmEmail", "Confirm an address", "Where the link in a letter leads."),
        ["POST resendConfirmationEmail"] = ("resendConfirmationEmail", "Send the confirmation again",
            "Sends a letter with a link that confirms the address, if it has an account. The answer does not tell."),
        ["POST forgotPassword"] = ("forgotPassword", "Ask for another password",
            "Sends a letter with a reset code, if the address is confirmed. The answer does not tell."),
        ["POST resetPassword"] = ("resetPassword", "Set another password with a code",
            "Takes the code of a letter. Every token given before ends."),
        ["POST manage/2fa"] = ("manageSecondFactor", "Manage the second factor",
            "Shows the key for an authenticator app, turns the second factor on with a code from it, or off, and gives recovery codes. Turning it on or off ends every token given before."),
        ["GET manage/info"] = ("getLogin", "Get one's login", "The address of the account, and whether it is confirmed."),
        ["POST manage/info"] = ("changeLogin", "Change address or password",
            "Another password needs the old one, and ends every token given before. Another address counts once its letter is confirmed."),
    };

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var path = context.Description.RelativePath!;
        if (!path.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return Task.CompletedTask;
        }

        var method = context.Description.HttpMethod!;
        (operation.OperationId, operation.Summary, operation.Description) = Operations[$"{method} {path[Prefix.Length..]}"];
        var hidden = context.Description.ActionDescriptor.EndpointMetadata.OfType<WithoutQueryParameters>().SelectMany(without => without.Names).ToHashSet();
        operation.Parameters = operation.Parameters?.Where(parameter => !hidden.Contains(parameter.Name!)).ToList();
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            parameter.Required = parameter.Name != "changedEmail";
        }

        if (operation.OperationId is "logIn" or "refreshTokens")
        {
            operation.Responses!.TryAdd("401", new OpenApiResponse());
        }

        return Task.CompletedTask;
    }
}
