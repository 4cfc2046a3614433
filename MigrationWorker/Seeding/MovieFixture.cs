using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MovieAspire.MigrationWorker.Seeding;

/// <summary>The movies of every seed: one JSON object for each line. docs/database.md says where they come from.</summary>
internal static class MovieFixture
{
    private const string Resource = "movies.ndjson";

    /// <summary>Reads the fixture of this build.</summary>
    public static IReadOnlyList<MovieRecord> Read()
    {
        var movies = new List<MovieRecord>(4096);
        ReadOnlySpan<byte> rest = ReadBytes();
        for (var end = rest.IndexOf((byte)'\n'); end >= 0; end = rest.IndexOf((byte)'\n'))
        {
            movies.Add(JsonSerializer.Deserialize(rest[..end], MovieJson.Default.MovieRecord)!);
            rest = rest[(end + 1)..];
        }

        return movies;
    }

    /// <summary>Identifies the content of this build's fixture.</summary>
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

/// <summary>A movie of the fixture. Money is in US dollars.</summary>
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

    public string[] Genres { get; init; } = [];
}

// Generated, since reflection is slow to start.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MovieRecord))]
internal sealed partial class MovieJson : JsonSerializerContext;
