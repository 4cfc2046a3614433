using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using MovieAspire.Data.Entities;

namespace MovieAspire.Data.Identity;

/// <summary>
/// Identity's hasher (PBKDF2-HMAC-SHA512, random salt), for text that keyboards compose differently: "é" is one password
/// whether it was typed as one character or as two (NIST SP 800-63B-4, 3.1.1.2).
/// </summary>
public sealed class NormalizingPasswordHasher(IOptions<PasswordHasherOptions> options) : PasswordHasher<User>(options)
{
    public override string HashPassword(User user, string password) => base.HashPassword(user, password.Normalize());

    public override PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword) =>
        base.VerifyHashedPassword(user, hashedPassword, providedPassword.Normalize());
}
