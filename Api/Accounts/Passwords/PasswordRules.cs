using System.Net.Mail;
using Microsoft.AspNetCore.Identity;
using MovieAspire.Data;

namespace MovieAspire.Api.Accounts.Passwords;

/// <summary>What Identity's own rules leave out: an upper limit, common passwords, and those that anyone would try for this account.</summary>
internal sealed class PasswordRules : IPasswordValidator<User>
{
    private const string ServiceName = "movieaspire";

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password) =>
        Task.FromResult(Refuse(user, password ?? "") is { } error ? IdentityResult.Failed(error) : IdentityResult.Success);

    private static IdentityError? Refuse(User user, string password)
    {
        if (password.Length > PasswordPolicy.MaxLength)
        {
            return Error("PasswordTooLong", $"The password must have at most {PasswordPolicy.MaxLength} characters.");
        }

        return CommonPasswords.Contain(WithoutNames(password, user))
            ? Error("PasswordTooCommon", "This is among the passwords that attackers try first. A few words that have nothing to do with each other make a good one.")
            : null;
    }

    /// <summary>The names of the service and of the account add nothing that an attacker would have to guess.</summary>
    private static string WithoutNames(string password, User user)
    {
        string[] names = MailAddress.TryCreate(user.Email, out var address) ? [ServiceName, address.Address, address.User] : [ServiceName];
        return names.Aggregate(password, (rest, name) => rest.Replace(name, "", StringComparison.OrdinalIgnoreCase));
    }

    private static IdentityError Error(string code, string description) => new() { Code = code, Description = description };
}
