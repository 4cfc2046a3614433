using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Otlp;

/// <summary>How an attribute's value becomes text, and how much of it is kept.</summary>
internal static class OtlpValues
{
    /// <summary>Characters of a value that are kept: enough for a SQL statement or a stack trace.</summary>
    public const int MaxLength = 32 * 1024;

    /// <summary>Attributes of one item that are kept; the SDKs' own limit.</summary>
    public const int MaxTags = 128;

    /// <summary>How deep values may be nested.</summary>
    public const int MaxDepth = 16;

    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text(bool value) => value ? "true" : "false";

    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Lists and maps become JSON.</summary>
    public static string Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, JsonOptions))
        {
            write(writer);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>JSON has no words for infinity and not-a-number.</summary>
    public static void Write(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteStringValue(Text(value));
        }
    }

    public static string Cut(string text) =>
        text.Length <= MaxLength ? text : $"{text.AsSpan(0, MaxLength)}… ({text.Length} characters, cut here)";

    public static IReadOnlyList<Tag> Limit(List<Tag> tags) => tags.Count <= MaxTags
        ? tags.ToArray()
        : [.. tags.Take(MaxTags), new Tag("…", $"{tags.Count - MaxTags} more attributes were not kept")];
}
