using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MovieAspire.MigrationWorker.Seeding;

/// <summary>The films of the default seed: one JSON object for each line. docs/database.md says where they come from.</summary>
internal static class FilmFixture
{
    private const string Resource = "films.ndjson";

    /// <summary>Reads the fixture of this build.</summary>
    public static IReadOnlyList<Film> Read()
    {
        var films = new List<Film>(4096);
        ReadOnlySpan<byte> rest = ReadBytes();
        for (var end = rest.IndexOf((byte)'\n'); end >= 0; end = rest.IndexOf((byte)'\n'))
        {
            films.Add(JsonSerializer.Deserialize(rest[..end], FilmJson.Default.Film)!);
            rest = rest[(end + 1)..];
        }

        return films;
    }

    /// <summary>Tells this build's fixture from another's.</summary>
    public static string Checksum(string generator) =>
        Convert.ToHexStringLower(SHA256.HashData([.. ReadBytes(), .. Encoding.UTF8.GetBytes(generator)]));

    private static byte[] ReadBytes()
    {
        using var stream = typeof(FilmFixture).Assembly.GetManifestResourceStream(Resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

/// <summary>Serialization of films without reflection, which is slow to start.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Film))]
internal sealed partial class FilmJson : JsonSerializerContext;
