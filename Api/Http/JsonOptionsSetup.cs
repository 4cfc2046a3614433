using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using MovieAspire.Data;

namespace MovieAspire.Api.Http;

/// <summary>Strict JSON: refuses unknown and duplicate properties, wrong types and missing values.</summary>
internal sealed class JsonOptionsSetup : IConfigureOptions<JsonOptions>
{
    public void Configure(JsonOptions options)
    {
        var json = options.SerializerOptions;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.AllowDuplicateProperties = false;
        json.PropertyNameCaseInsensitive = false;
        json.RespectNullableAnnotations = true;
        json.RespectRequiredConstructorParameters = true;
        json.MaxDepth = 16;
        json.Converters.Add(new PostgresStringConverter());
        json.Converters.Add(new WholeNumberConverter<int>());
        json.Converters.Add(new WholeNumberConverter<long>());
        json.TypeInfoResolver = (json.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(NormalizeText);
    }

    private static void NormalizeText(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.Set is { } set && property.AttributeProvider?.IsDefined(typeof(NonBlankAttribute), inherit: true) == true)
            {
                Func<string, string> normalize =
                    property.AttributeProvider.IsDefined(typeof(LineAttribute), inherit: true) ? PlainText.NormalizeLine : PlainText.Normalize;
                property.Set = (owner, value) => set(owner, value is string text ? normalize(text) : value);
            }
        }
    }
}

/// <summary>Integers as JSON Schema defines them: 8.0 is one, 8.5 is not.</summary>
internal sealed class WholeNumberConverter<T> : JsonConverter<T>
    where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var number) && decimal.IsInteger(number)
        && number >= decimal.CreateChecked(T.MinValue) && number <= decimal.CreateChecked(T.MaxValue)
            ? T.CreateChecked(number)
            : throw new RejectedValueException("The value is not of the documented type.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(long.CreateChecked(value));
}

/// <summary>Strings that PostgreSQL can store (no NUL) and .NET can normalize (no U+FFFE).</summary>
internal sealed class PostgresStringConverter : JsonConverter<string>
{
    public const string NulMessage = "The text must not contain the character NUL (U+0000).";

    private const char ReversedByteOrderMark = '\uFFFE';

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new RejectedValueException("The value must be a string.");
        }

        var text = GetString(ref reader);
        return text switch
        {
            _ when text.Contains('\0', StringComparison.Ordinal) => throw new RejectedValueException(NulMessage),
            _ when text.Contains(ReversedByteOrderMark, StringComparison.Ordinal) =>
                throw new RejectedValueException("The text must not contain the noncharacter U+FFFE."),
            _ => text,
        };
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        GetString(ref reader);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value);

    /// <exception cref="RejectedValueException">Lone surrogates, or bytes that are not UTF-8.</exception>
    private static string GetString(ref Utf8JsonReader reader)
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

/// <summary>A converter refuses a value. The message is shown to the client; the serializer adds the path.</summary>
internal sealed class RejectedValueException(string message) : JsonException(message);
