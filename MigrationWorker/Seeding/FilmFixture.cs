using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MovieAspire.MigrationWorker.Seeding;

/// <summary>The films of the default seed: one JSON object for each line, as <c>import films</c> cleaned them.</summary>
internal static class FilmFixture
{
    private const string Resource = "films.ndjson";

    // Letters stay readable in the file.
    private static readonly FilmJson Json = new(new JsonSerializerOptions(FilmJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Reads the fixture of this build.</summary>
    public static IReadOnlyList<Film> Read()
    {
        var films = new List<Film>(4096);
        ReadOnlySpan<byte> rest = ReadBytes();
        for (var end = rest.IndexOf((byte)'\n'); end >= 0; end = rest.IndexOf((byte)'\n'))
        {
            films.Add(JsonSerializer.Deserialize(rest[..end], Json.Film)!);
            rest = rest[(end + 1)..];
        }

        return films;
    }

    /// <summary>Tells this build's fixture from another's.</summary>
    public static string Checksum(string generator) =>
        Convert.ToHexStringLower(SHA256.HashData([.. ReadBytes(), .. Encoding.UTF8.GetBytes(generator)]));

    public static async Task WriteAsync(string path, IEnumerable<Film> films, CancellationToken cancellationToken)
    {
        await using var file = new StreamWriter(path) { NewLine = "\n" };
        foreach (var film in films)
        {
            await file.WriteLineAsync(JsonSerializer.Serialize(film, Json.Film).AsMemory(), cancellationToken);
        }
    }

    private static byte[] ReadBytes()
    {
        using var stream = typeof(FilmFixture).Assembly.GetManifestResourceStream(Resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

/// <summary>Serialization of films without reflection, which is slow to start.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Film))]
internal sealed partial class FilmJson : JsonSerializerContext;
