using System.Text.Json;
using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Otlp;

/// <summary>Reads spans and log records from JSON.</summary>
internal static class JsonSignals
{
    public static void ReadSpan(JsonElement item, string scope, StringPool strings, List<Span> items)
    {
        var draft = new SpanDraft
        {
            Scope = scope,
            TraceId = item.TraceId("traceId"),
            Id = item.SpanId("spanId"),
            ParentId = item.SpanId("parentSpanId"),
            Name = item.Text("name", strings),
            Kind = (SpanKind)item.Int("kind"),
            Start = item.Time("startTimeUnixNano"),
            End = item.Time("endTimeUnixNano"),
        };
        draft.Tags.AddRange(item.Tags(strings));
        draft.Events.AddRange(item.Items("events").Select(happened =>
            new SpanEvent(happened.Time("timeUnixNano"), happened.Text("name", strings), OtlpValues.Limit(happened.Tags(strings)))));
        draft.Links.AddRange(item.Items("links").Select(link =>
            new SpanLink(link.TraceId("traceId"), link.SpanId("spanId"), OtlpValues.Limit(link.Tags(strings)))));
        if (item.Has("status"))
        {
            draft.Status = (SpanStatus)item.Get("status").Int("code");
            draft.StatusMessage = item.Get("status").Text("message", strings);
        }

        items.Add(draft.ToSpan());
    }

    public static void ReadLog(JsonElement item, string scope, StringPool strings, List<LogEntry> items)
    {
        var draft = new LogDraft
        {
            Scope = scope,
            Time = item.Time("timeUnixNano"),
            ObservedTime = item.Time("observedTimeUnixNano"),
            Severity = item.Int("severityNumber"),
            Body = item.Has("body") ? JsonCommon.Value(item.Get("body"), strings) : "",
            EventName = item.Text("eventName", strings),
            TraceId = item.TraceId("traceId"),
            SpanId = item.SpanId("spanId"),
        };
        draft.Tags.AddRange(item.Tags(strings));
        items.Add(draft.ToEntry());
    }
}
