using System.Globalization;
using System.Text.Json;
using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Otlp;

/// <summary>
/// Reads fields as OTLP's JSON writes them (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding): names in
/// camelCase, 64-bit numbers as strings or numbers, ids in hex. Absent and null mean the default.
/// </summary>
internal static class JsonFields
{
    public static JsonElement Get(this JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object ? parent.TryGetProperty(name, out var value) ? value : default
        : throw new MalformedOtlpException($"Where '{name}' is looked for there is no JSON object.");

    public static bool Has(this JsonElement parent, string name) => parent.Get(name).IsGiven();

    public static IEnumerable<JsonElement> Items(this JsonElement parent, string name)
    {
        var value = parent.Get(name);
        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray()
            : value.IsGiven() ? throw Wrong(name, "a list")
            : [];
    }

    public static string Text(this JsonElement parent, string name, StringPool strings)
    {
        var value = parent.Get(name);
        return value.ValueKind == JsonValueKind.String ? OtlpValues.Cut(strings.Get(value.GetString()))
            : value.IsGiven() ? throw Wrong(name, "a string")
            : "";
    }

    public static long Int(this JsonElement parent, string name)
    {
        var value = parent.Get(name);
        return !value.IsGiven() ? 0
            : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number
            : value.ValueKind == JsonValueKind.String && long.TryParse(value.GetString(), CultureInfo.InvariantCulture, out number) ? number
            : throw Wrong(name, "a whole number");
    }

    public static ulong Unsigned(this JsonElement parent, string name) =>
        parent.Get(name) is var value && value.IsGiven() ? ToUnsigned(value, name) : 0;

    public static ulong ToUnsigned(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out var number) ? number
        : value.ValueKind == JsonValueKind.String && ulong.TryParse(value.GetString(), CultureInfo.InvariantCulture, out number) ? number
        : throw Wrong(name, "a whole number that is not negative");

    public static double Double(this JsonElement parent, string name) =>
        parent.Get(name) is var value && value.IsGiven() ? ToDouble(value, name) : 0;

    public static double ToDouble(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Number ? value.GetDouble()
        : value.ValueKind == JsonValueKind.String && double.TryParse(value.GetString(), CultureInfo.InvariantCulture, out var number) ? number
        : throw Wrong(name, "a number");

    public static bool Bool(this JsonElement parent, string name) => parent.Get(name).ValueKind == JsonValueKind.True;

    public static long Time(this JsonElement parent, string name) => UnixTime.FromOtlp(parent.Unsigned(name));

    public static TraceId TraceId(this JsonElement parent, string name) => Telemetry.TraceId.Parse(Hex(parent, name));

    public static SpanId SpanId(this JsonElement parent, string name) => Telemetry.SpanId.Parse(Hex(parent, name));

    private static bool IsGiven(this JsonElement value) => value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    private static string? Hex(JsonElement parent, string name) =>
        parent.Get(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static MalformedOtlpException Wrong(string name, string expected) => new($"'{name}' is not {expected}.");
}
