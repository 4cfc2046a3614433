using System.Globalization;
using System.Net.Mail;
using System.Text;
using Microsoft.AspNetCore.Identity;
using MovieAspire.Data;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Identity;

/// <summary>Refuses invalid emails; Identity itself only looks for an "@".</summary>
internal sealed class EmailValidator : IUserValidator<User>
{
    /// <summary>RFC 5321 (4.5.3.1.3) allows a path of 256 octets, angle brackets included.</summary>
    private const int MaxLength = 254;

    public Task<IdentityResult> ValidateAsync(UserManager<User> manager, User user) =>
        Task.FromResult(IsEmail(user.Email)
            ? IdentityResult.Success
            : IdentityResult.Failed(manager.ErrorDescriber.InvalidEmail(user.Email)));

    public static bool IsEmail(string? email) =>
        email is { Length: <= MaxLength } && MailAddress.TryCreate(email, out var address) && address.Address == email
        && !email.EnumerateRunes().Any(IsInvisible);

    /// <summary>.NET accepts them in a domain, but mail servers do not.</summary>
    private static bool IsInvisible(Rune rune) =>
        Rune.IsControl(rune) || Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format || PlainText.IsIgnorable(rune);
}
