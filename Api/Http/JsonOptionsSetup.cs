using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Json;

namespace MovieAspire.Api.Http;

/// <summary>JSON as the contract has it: what is unknown, doubled, of another type or not text is refused, never guessed at.</summary>
internal static class StrictJson
{
    public static IServiceCollection AddStrictJson(this IServiceCollection services) =>
        services.Configure<JsonOptions>(options => Apply(options.SerializerOptions));

    public static void Apply(JsonSerializerOptions options)
    {
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.PropertyNameCaseInsensitive = false;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.MaxDepth = 16;
        options.Converters.Add(new PostgresStringConverter());
    }
}

/// <summary>Strings, but for the one character that PostgreSQL's text cannot hold and the one that .NET cannot normalize.</summary>
internal sealed class PostgresStringConverter : JsonConverter<string>
{
    public const string NulMessage = "The text must not contain the character NUL (U+0000).";

    private const char ReversedByteOrderMark = '\uFFFE';

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new RejectedValueException("The value must be a text.");
        }

        // Throws for lone surrogates, and for bytes that are not UTF-8.
        var text = ReadText(ref reader);
        return text switch
        {
            _ when text.Contains('\0', StringComparison.Ordinal) => throw new RejectedValueException(NulMessage),
            _ when text.Contains(ReversedByteOrderMark, StringComparison.Ordinal) => throw new RejectedValueException("The text must not contain U+FFFE, which is no character."),
            _ => text,
        };
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    // Names of dictionaries' entries are texts, too.
    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ReadText(ref reader);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);

    private static string ReadText(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new RejectedValueException("The text is not valid Unicode.");
        }
    }
}
