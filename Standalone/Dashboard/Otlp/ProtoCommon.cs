using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Otlp;

/// <summary>Reads the parts that all three signals share: <c>opentelemetry.proto.common.v1</c> and <c>resource.v1</c>.</summary>
internal static class ProtoCommon
{
    public static Tag KeyValue(ProtoReader message, StringPool strings)
    {
        var (key, value) = ("", "");
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: key = strings.Get(message.Bytes()); break;
                case 2: value = AnyValue(message.Message(), strings); break;
                default: message.Skip(); break;
            }
        }

        return new Tag(OtlpValues.Cut(key), value);
    }

    /// <summary>A Resource; its attributes are all that is of interest.</summary>
    public static IReadOnlyList<Tag> Resource(ProtoReader message, StringPool strings)
    {
        var tags = new List<Tag>();
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: tags.Add(KeyValue(message.Message(), strings)); break;
                default: message.Skip(); break;
            }
        }

        return OtlpValues.Limit(tags);
    }

    /// <summary>The name of an InstrumentationScope.</summary>
    public static string Scope(ProtoReader message, StringPool strings)
    {
        var name = "";
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: name = OtlpValues.Cut(strings.Get(message.Bytes())); break;
                default: message.Skip(); break;
            }
        }

        return name;
    }

    public static string AnyValue(ProtoReader message, StringPool strings)
    {
        var text = "";
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: text = OtlpValues.Cut(strings.Get(message.Bytes())); break;
                case 2: text = OtlpValues.Text(message.Int() != 0); break;
                case 3: text = OtlpValues.Text(message.Int()); break;
                case 4: text = OtlpValues.Text(message.Double()); break;
                case 5 or 6: text = ProtoNested.Json(message.Field, message.Bytes()); break;
                case 7: text = OtlpValues.Cut(Convert.ToBase64String(message.Bytes())); break;
                default: message.Skip(); break;
            }
        }

        return text;
    }
}
