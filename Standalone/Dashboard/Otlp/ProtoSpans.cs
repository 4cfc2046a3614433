using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Otlp;

/// <summary>Reads <c>opentelemetry.proto.trace.v1</c>.</summary>
internal static class ProtoSpans
{
    public static void Read(ProtoReader message, string scope, StringPool strings, List<Span> items)
    {
        var draft = new SpanDraft { Scope = scope };
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: draft.TraceId = TraceId.Read(message.Bytes()); break;
                case 2: draft.Id = SpanId.Read(message.Bytes()); break;
                case 4: draft.ParentId = SpanId.Read(message.Bytes()); break;
                case 5: draft.Name = OtlpValues.Cut(strings.Get(message.Bytes())); break;
                case 6: draft.Kind = (SpanKind)message.Int(); break;
                case 7: draft.Start = UnixTime.FromOtlp(message.Fixed64()); break;
                case 8: draft.End = UnixTime.FromOtlp(message.Fixed64()); break;
                case 9: draft.Tags.Add(ProtoCommon.KeyValue(message.Message(), strings)); break;
                case 11: draft.Events.Add(ReadEvent(message.Message(), strings)); break;
                case 13: draft.Links.Add(ReadLink(message.Message(), strings)); break;
                case 15: ReadStatus(message.Message(), strings, draft); break;
                default: message.Skip(); break;
            }
        }

        items.Add(draft.ToSpan());
    }

    private static SpanEvent ReadEvent(ProtoReader message, StringPool strings)
    {
        var (time, name, tags) = (0L, "", new List<Tag>());
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: time = UnixTime.FromOtlp(message.Fixed64()); break;
                case 2: name = OtlpValues.Cut(strings.Get(message.Bytes())); break;
                case 3: tags.Add(ProtoCommon.KeyValue(message.Message(), strings)); break;
                default: message.Skip(); break;
            }
        }

        return new SpanEvent(time, name, OtlpValues.Limit(tags));
    }

    private static SpanLink ReadLink(ProtoReader message, StringPool strings)
    {
        var (traceId, spanId, tags) = (default(TraceId), default(SpanId), new List<Tag>());
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: traceId = TraceId.Read(message.Bytes()); break;
                case 2: spanId = SpanId.Read(message.Bytes()); break;
                case 4: tags.Add(ProtoCommon.KeyValue(message.Message(), strings)); break;
                default: message.Skip(); break;
            }
        }

        return new SpanLink(traceId, spanId, OtlpValues.Limit(tags));
    }

    private static void ReadStatus(ProtoReader message, StringPool strings, SpanDraft draft)
    {
        while (message.Next())
        {
            switch (message.Field)
            {
                case 2: draft.StatusMessage = OtlpValues.Cut(strings.Get(message.Bytes())); break;
                case 3: draft.Status = (SpanStatus)message.Int(); break;
                default: message.Skip(); break;
            }
        }
    }
}
