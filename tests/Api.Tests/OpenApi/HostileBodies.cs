using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace MovieAspire.Api.Tests.OpenApi;

/// <summary>JSON objects with the properties of a schema, some of them missing, duplicated or hostile.</summary>
internal static class HostileBodies
{
    public static Gen<byte[]> Create(JsonElement schema, JsonElement document) =>
        schema.TryGetProperty("items", out var item)
            ? Gen.CollectToList([Object(item, document), Object(item, document)]).Select(items => Encoding.UTF8.GetBytes($"[{string.Join(',', items)}]"))
            : Object(schema, document).Select(Encoding.UTF8.GetBytes);

    private static Gen<string> Object(JsonElement schema, JsonElement document)
    {
        var properties = Resolve(schema, document) is var resolved && resolved.TryGetProperty("properties", out var declared)
            ? declared.EnumerateObject().Select(property => (property.Name, Resolve(property.Value, document))).ToArray()
            : [];
        var members = properties.Select(property =>
            from kind in Gen.Choose(0, 9)
            from hostile in HostileValues.Json
            select kind switch
            {
                0 => "",
                1 => $"\"{property.Name}\":{hostile},\"{property.Name}\":{hostile}",
                2 or 3 => $"\"{property.Name}\":{hostile}",
                _ => $"\"{property.Name}\":{Good(property.Item2)}",
            });
        return
            from parts in Gen.CollectToList(members)
            from extra in Gen.Frequency((9, Gen.Constant("")), (1, HostileValues.Json.Select(value => $"\"extra\":{value}")))
            select "{" + string.Join(',', parts.Append(extra).Where(part => part.Length > 0)) + "}";
    }

    // Where a body can be left out, it is null or what comes last.
    private static JsonElement Resolve(JsonElement schema, JsonElement document) =>
        schema.TryGetProperty("oneOf", out var choices) ? Resolve(choices.EnumerateArray().Last(), document)
        : schema.TryGetProperty("$ref", out var reference)
            ? document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1])
            : schema;

    private static string Good(JsonElement schema)
    {
        var type = schema.TryGetProperty("type", out var declared) ? declared.ToString() : "string";
        return type switch
        {
            _ when type.Contains("integer", StringComparison.Ordinal) || type.Contains("number", StringComparison.Ordinal) => "2",
            _ when type.Contains("boolean", StringComparison.Ordinal) => "true",
            _ when type.Contains("array", StringComparison.Ordinal) => "[\"Drama\"]",
            _ when schema.TryGetProperty("enum", out var values) => values[0].GetRawText(),
            _ when schema.TryGetProperty("pattern", out _) => "\"tt0133093\"",
            _ when schema.TryGetProperty("format", out var format) && format.GetString() == "date" => "\"2001-02-03\"",
            _ => "\"text\"",
        };
    }
}
