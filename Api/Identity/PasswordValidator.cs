using System.Net.Mail;
using Microsoft.AspNetCore.Identity;
using MovieAspire.Data.Entities;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Identity;

/// <summary>
/// Adds to Identity's rules: a maximum length, no common passwords, and no passwords made of the names of the service and the account.
/// </summary>
internal sealed class PasswordValidator : IPasswordValidator<User>
{
    private const string ServiceName = "movieaspire";

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user, string? password) =>
        Task.FromResult(Validate(user, password ?? "") is { } error ? IdentityResult.Failed(error) : IdentityResult.Success);

    private static IdentityError? Validate(User user, string password)
    {
        if (password.Length > PasswordPolicy.MaxLength)
        {
            return Error("PasswordTooLong", $"The password must have at most {PasswordPolicy.MaxLength} characters.");
        }

        return CommonPasswords.Contain(WithoutNames(password, user))
            ? Error("PasswordTooCommon", "This password is common, and attackers try it first. A few unrelated words make a good one.")
            : null;
    }

    /// <summary>Names of the service and the account do not make a password harder to guess.</summary>
    private static string WithoutNames(string password, User user)
    {
        string[] names = MailAddress.TryCreate(user.Email, out var email) ? [ServiceName, email.Address, email.User] : [ServiceName];
        return names.Aggregate(password, (rest, name) => rest.Replace(name, "", StringComparison.OrdinalIgnoreCase));
    }

    private static IdentityError Error(string code, string description) => new() { Code = code, Description = description };
}

/// <summary>The passwords that attackers try first.</summary>
internal static class CommonPasswords
{
    private const int FewCharacters = 5;

    private static readonly Lazy<HashSet<string>> Words = new(Load);

    /// <summary>
    /// Whether the password is a common one, a sequence of common ones (<c>password123456</c>), or a few characters repeated,
    /// ignoring case.
    /// </summary>
    public static bool Contain(string password)
    {
        var text = password.ToLowerInvariant();
        return text.Distinct().Count() < FewCharacters || IsMadeOfWords(text);
    }

    /// <summary>Marks each position that a sequence of words reaches, from left to right.</summary>
    private static bool IsMadeOfWords(string text)
    {
        var reached = new bool[text.Length + 1];
        reached[0] = true;
        for (var start = 0; start < text.Length; start++)
        {
            for (var end = start + 1; reached[start] && end <= text.Length; end++)
            {
                reached[end] |= Words.Value.Contains(text[start..end]);
            }
        }

        return reached[text.Length];
    }

    private static HashSet<string> Load()
    {
        using var stream = typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.txt")!;
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. lines.Where(line => line[0] != '#')];
    }
}
