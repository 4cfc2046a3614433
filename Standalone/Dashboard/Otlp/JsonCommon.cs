using System.Text.Json;
using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Otlp;

/// <summary>Reads the envelope and the parts that all three signals share, from JSON.</summary>
internal static class JsonCommon
{
    /// <summary>Reads one item of a scope into the list.</summary>
    public delegate void ReadItem<T>(JsonElement item, string scope, StringPool strings, List<T> items);

    public static IReadOnlyList<Batch<T>> Read<T>(
        JsonElement request, (string Senders, string Scopes, string Items) names, StringPool strings, ReadItem<T> readItem)
    {
        var batches = new List<Batch<T>>();
        foreach (var sender in request.Items(names.Senders))
        {
            var items = new List<T>();
            foreach (var scope in sender.Items(names.Scopes))
            {
                var name = scope.Has("scope") ? scope.Get("scope").Text("name", strings) : "";
                foreach (var item in scope.Items(names.Items))
                {
                    readItem(item, name, strings, items);
                }
            }

            batches.Add(new Batch<T>(sender.Has("resource") ? OtlpValues.Limit(sender.Get("resource").Tags(strings)) : [], items));
        }

        return batches;
    }

    public static List<Tag> Tags(this JsonElement parent, StringPool strings, string name = "attributes") =>
        [.. parent.Items(name).Select(pair => new Tag(pair.Text("key", strings), pair.Has("value") ? Value(pair.Get("value"), strings) : ""))];

    /// <summary>The text of an AnyValue.</summary>
    public static string Value(JsonElement value, StringPool strings) =>
        value.Has("stringValue") ? value.Text("stringValue", strings)
        : value.Has("boolValue") ? OtlpValues.Text(value.Bool("boolValue"))
        : value.Has("intValue") ? OtlpValues.Text(value.Int("intValue"))
        : value.Has("doubleValue") ? OtlpValues.Text(value.Double("doubleValue"))
        : value.Has("bytesValue") ? value.Text("bytesValue", strings)
        : value.Has("arrayValue") || value.Has("kvlistValue") ? OtlpValues.Cut(OtlpValues.Json(writer => Write(writer, value)))
        : "";

    // The parser's own limit on depth ends the recursion.
    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        if (value.Has("arrayValue"))
        {
            writer.WriteStartArray();
            foreach (var item in value.Get("arrayValue").Items("values"))
            {
                Write(writer, item);
            }

            writer.WriteEndArray();
        }
        else if (value.Has("kvlistValue"))
        {
            writer.WriteStartObject();
            foreach (var pair in value.Get("kvlistValue").Items("values"))
            {
                writer.WritePropertyName(pair.Get("key").ToString());
                Write(writer, pair.Get("value"));
            }

            writer.WriteEndObject();
        }
        else
        {
            WriteLeaf(writer, value);
        }
    }

    private static void WriteLeaf(Utf8JsonWriter writer, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            writer.WriteNullValue();
        }
        else if (value.Has("stringValue") || value.Has("bytesValue"))
        {
            writer.WriteStringValue((value.Has("stringValue") ? value.Get("stringValue") : value.Get("bytesValue")).ToString());
        }
        else if (value.Has("boolValue"))
        {
            writer.WriteBooleanValue(value.Bool("boolValue"));
        }
        else if (value.Has("intValue"))
        {
            writer.WriteNumberValue(value.Int("intValue"));
        }
        else if (value.Has("doubleValue"))
        {
            OtlpValues.Write(writer, value.Double("doubleValue"));
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
