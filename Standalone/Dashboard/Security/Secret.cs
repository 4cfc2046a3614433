using System.Security.Cryptography;
using System.Text;

namespace MovieAspire.Standalone.Dashboard.Security;

/// <summary>Makes secrets and compares them without telling by the time taken how much of a guess was right.</summary>
internal static class Secret
{
    public static string New() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public static bool Equal(string? given, string expected) =>
        given is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));
}
