using System.Text;
using System.Text.Json;

namespace MovieAspire.Standalone.Dashboard.Otlp;

/// <summary>Writes values that hold values as JSON.</summary>
internal static class ProtoNested
{
    private const int Array = 5;

    /// <summary>The JSON of an ArrayValue (field 5 of AnyValue) or a KeyValueList (field 6).</summary>
    public static string Json(int field, ReadOnlySpan<byte> bytes)
    {
        var copy = bytes.ToArray();
        return OtlpValues.Cut(OtlpValues.Json(writer => WriteNested(writer, field, new ProtoReader(copy), 1)));
    }

    private static void WriteValue(Utf8JsonWriter writer, ProtoReader message, int depth)
    {
        if (depth > OtlpValues.MaxDepth)
        {
            throw new MalformedOtlpException($"A value is nested deeper than {OtlpValues.MaxDepth} levels.");
        }

        var written = false;
        while (message.Next())
        {
            if (written)
            {
                message.Skip();
                continue;
            }

            written = true;
            switch (message.Field)
            {
                case 1: writer.WriteStringValue(Encoding.UTF8.GetString(message.Bytes())); break;
                case 2: writer.WriteBooleanValue(message.Int() != 0); break;
                case 3: writer.WriteNumberValue(message.Int()); break;
                case 4: OtlpValues.Write(writer, message.Double()); break;
                case 5 or 6: WriteNested(writer, message.Field, message.Message(), depth + 1); break;
                case 7: writer.WriteBase64StringValue(message.Bytes()); break;
                default: message.Skip(); written = false; break;
            }
        }

        if (!written)
        {
            writer.WriteNullValue();
        }
    }

    private static void WriteNested(Utf8JsonWriter writer, int field, ProtoReader message, int depth)
    {
        // Both hold their items in field 1.
        if (field == Array)
        {
            writer.WriteStartArray();
        }
        else
        {
            writer.WriteStartObject();
        }

        while (message.Next())
        {
            if (message.Field != 1)
            {
                message.Skip();
            }
            else if (field == Array)
            {
                WriteValue(writer, message.Message(), depth);
            }
            else
            {
                WriteKeyValue(writer, message.Message(), depth);
            }
        }

        if (field == Array)
        {
            writer.WriteEndArray();
        }
        else
        {
            writer.WriteEndObject();
        }
    }

    private static void WriteKeyValue(Utf8JsonWriter writer, ProtoReader message, int depth)
    {
        ReadOnlySpan<byte> key = default;
        var value = new ProtoReader();
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: key = message.Bytes(); break;
                case 2: value = message.Message(); break;
                default: message.Skip(); break;
            }
        }

        writer.WritePropertyName(Encoding.UTF8.GetString(key));
        WriteValue(writer, value, depth);
    }
}
