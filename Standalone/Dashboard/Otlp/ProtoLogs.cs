using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Otlp;

/// <summary>Reads <c>opentelemetry.proto.logs.v1</c>.</summary>
internal static class ProtoLogs
{
    public static void Read(ProtoReader message, string scope, StringPool strings, List<LogEntry> items)
    {
        var draft = new LogDraft { Scope = scope };
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: draft.Time = UnixTime.FromOtlp(message.Fixed64()); break;
                case 2: draft.Severity = message.Int(); break;
                case 5: draft.Body = ProtoCommon.AnyValue(message.Message(), strings); break;
                case 6: draft.Tags.Add(ProtoCommon.KeyValue(message.Message(), strings)); break;
                case 9: draft.TraceId = TraceId.Read(message.Bytes()); break;
                case 10: draft.SpanId = SpanId.Read(message.Bytes()); break;
                case 11: draft.ObservedTime = UnixTime.FromOtlp(message.Fixed64()); break;
                case 12: draft.EventName = OtlpValues.Cut(strings.Get(message.Bytes())); break;
                default: message.Skip(); break;
            }
        }

        items.Add(draft.ToEntry());
    }
}
