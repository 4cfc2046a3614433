using System.Text.Json;
using System.Text.Json.Serialization;

namespace MovieAspire.Admin.Movies;

/// <summary>Reads the fields of a movie that the API's JSON has.</summary>
internal sealed class MovieFormConverter : JsonConverter<MovieForm>
{
    public override MovieForm Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        var movie = new MovieForm();
        foreach (var field in MovieField.All)
        {
            if (json.RootElement.TryGetProperty(field.Name, out var value) && value.ValueKind != JsonValueKind.Null)
            {
                field.Set(movie, value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(item => item.GetString()!).ToArray() : value.ToString());
            }
        }

        return movie;
    }

    public override void Write(Utf8JsonWriter writer, MovieForm value, JsonSerializerOptions options) => throw new NotSupportedException();
}
