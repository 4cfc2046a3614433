using Microsoft.AspNetCore.Identity;

namespace MovieAspire.Data.Identity;

/// <summary>
/// Length first, as NIST SP 800-63B-4 (3.1.1.2) has it: 15 characters where the password is the only factor, no rules about
/// kinds of characters, no expiry, and none of the passwords that attackers try first.
/// </summary>
public static class PasswordPolicy
{
    public const int MinLength = 15;

    /// <summary>Long enough for any passphrase. Hashing longer ones only costs time.</summary>
    public const int MaxLength = 256;

    /// <summary>Above the 210,000 rounds of PBKDF2-HMAC-SHA512 that OWASP's Password Storage Cheat Sheet asks for.</summary>
    public const int Pbkdf2Iterations = 220_000;

    public static void Apply(PasswordOptions options)
    {
        options.RequiredLength = MinLength;
        options.RequiredUniqueChars = 1;
        options.RequireDigit = false;
        options.RequireLowercase = false;
        options.RequireUppercase = false;
        options.RequireNonAlphanumeric = false;
    }
}
