using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MovieAspire.MigrationWorker.Seeding;

/// <summary>The films of the default seed: one JSON object for each line. docs/database.md says where they come from.</summary>
internal static class MovieFixture
{
    private const string Resource = "movies.ndjson";

    /// <summary>Reads the fixture of this build.</summary>
    public static IReadOnlyList<MovieRecord> Read()
    {
        var films = new List<MovieRecord>(4096);
        ReadOnlySpan<byte> rest = ReadBytes();
        for (var end = rest.IndexOf((byte)'\n'); end >= 0; end = rest.IndexOf((byte)'\n'))
        {
            films.Add(JsonSerializer.Deserialize(rest[..end], MovieJson.Default.MovieRecord)!);
            rest = rest[(end + 1)..];
        }

        return films;
    }

    /// <summary>Tells this build's fixture from another's.</summary>
    public static string Checksum(string generator) =>
        Convert.ToHexStringLower(SHA256.HashData([.. ReadBytes(), .. Encoding.UTF8.GetBytes(generator)]));

    private static byte[] ReadBytes()
    {
        using var stream = typeof(MovieFixture).Assembly.GetManifestResourceStream(Resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

/// <summary>Serialization of films without reflection, which is slow to start.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MovieRecord))]
internal sealed partial class MovieJson : JsonSerializerContext;

/// <summary>The facts of one film, as the fixture holds them and as importers deliver them. Money is in US dollars.</summary>
internal sealed record MovieRecord
{
    public required string Title { get; init; }

    public required DateOnly ReleaseDate { get; init; }

    public int? RuntimeMinutes { get; init; }

    public string? MpaaRating { get; init; }

    public string? Director { get; init; }

    public string? Distributor { get; init; }

    public long? Budget { get; init; }

    public long? DomesticGross { get; init; }

    public long? WorldwideGross { get; init; }

    public decimal? ImdbRating { get; init; }

    public int? ImdbVotes { get; init; }

    public IReadOnlyList<string> Genres { get; init; } = [];
}
