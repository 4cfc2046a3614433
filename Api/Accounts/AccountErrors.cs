using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.Data;

namespace MovieAspire.Api.Accounts;

/// <summary>Identity names errors by codes of its own; clients look for the field that they sent.</summary>
internal static class AccountErrors
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
