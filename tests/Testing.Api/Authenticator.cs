using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MovieAspire.Testing.Api;

/// <summary>The codes of an authenticator app: RFC 6238 with SHA-1, 30 seconds and six digits.</summary>
public static class Authenticator
{
    /// <summary>The current code, or that of an earlier period.</summary>
    public static string CodeOf(string sharedKey, int periodsAgo = 0)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bits = string.Concat(sharedKey.Select(letter => Convert.ToString(Alphabet.IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        var secret = bits.Chunk(8).Where(chunk => chunk.Length == 8).Select(chunk => Convert.ToByte(new string(chunk), 2)).ToArray();
        var counter = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, (DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 30) - periodsAgo);
#pragma warning disable CA5350 // The RFC and the apps use SHA-1, which is not broken as an HMAC.
        var hash = HMACSHA1.HashData(secret, counter);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 0xF)) & int.MaxValue;
        return $"{number % 1_000_000:000000}";
    }
}
