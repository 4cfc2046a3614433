using System.Net.Mail;
using Microsoft.AspNetCore.Identity;
using MovieAspire.Data.Entities;
using MovieAspire.Data.Identity;

namespace MovieAspire.Api.Identity;

/// <summary>What Identity's own rules leave out: an upper limit, common passwords, and those that anyone would try for this account.</summary>
internal sealed class PasswordValidator : IPasswordValidator<User>
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

/// <summary>Knows the passwords that attackers try first.</summary>
internal static class CommonPasswords
{
    private const int FewCharacters = 5;

    private static readonly Lazy<HashSet<string>> Words = new(Load);

    /// <summary>
    /// Whether the password is a common one, or nothing but common ones put together (<c>password123456</c>), or a few characters
    /// over and over. Case does not make one less common.
    /// </summary>
    public static bool Contain(string password)
    {
        var text = password.ToLowerInvariant();
        return text.Distinct().Count() < FewCharacters || IsMadeOfWords(text);
    }

    /// <summary>Marks each place that some sequence of words reaches, from the left to the right.</summary>
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
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => line[0] != '#')];
    }
}
