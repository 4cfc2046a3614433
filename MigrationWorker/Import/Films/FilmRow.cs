using System.Text.Json;
using System.Text.Json.Serialization;

namespace MovieAspire.MigrationWorker.Import.Films;

/// <summary>A row of the film facts as published: everything may be missing, and titles may be numbers.</summary>
internal sealed record FilmRow
{
    [JsonPropertyName("Title")]
    public JsonElement Title { get; init; }

    [JsonPropertyName("Release Date")]
    public string? ReleaseDate { get; init; }

    [JsonPropertyName("MPAA Rating")]
    public string? MpaaRating { get; init; }

    [JsonPropertyName("Running Time min")]
    public int? RuntimeMinutes { get; init; }

    [JsonPropertyName("Distributor")]
    public string? Distributor { get; init; }

    [JsonPropertyName("Director")]
    public string? Director { get; init; }

    [JsonPropertyName("Major Genre")]
    public string? Genre { get; init; }

    [JsonPropertyName("Creative Type")]
    public string? CreativeType { get; init; }

    [JsonPropertyName("Production Budget")]
    public long? Budget { get; init; }

    [JsonPropertyName("US Gross")]
    public long? DomesticGross { get; init; }

    [JsonPropertyName("Worldwide Gross")]
    public long? WorldwideGross { get; init; }

    [JsonPropertyName("IMDB Rating")]
    public decimal? ImdbRating { get; init; }

    [JsonPropertyName("IMDB Votes")]
    public int? ImdbVotes { get; init; }
}

[JsonSerializable(typeof(FilmRow))]
internal sealed partial class FilmRowJson : JsonSerializerContext;
