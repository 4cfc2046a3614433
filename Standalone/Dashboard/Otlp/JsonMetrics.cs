using System.Text.Json;
using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Otlp;

/// <summary>Reads metrics from JSON.</summary>
internal static class JsonMetrics
{
    private static readonly (string Name, MetricShape Shape)[] Shapes =
    [
        ("gauge", MetricShape.Gauge),
        ("sum", MetricShape.Sum),
        ("histogram", MetricShape.Histogram),
        ("exponentialHistogram", MetricShape.ExponentialHistogram),
        ("summary", MetricShape.Summary),
    ];

    public static void Read(JsonElement item, string scope, StringPool strings, List<MetricData> items)
    {
        var draft = new MetricDraft
        {
            Meter = scope,
            Name = item.Text("name", strings),
            Description = item.Text("description", strings),
            Unit = item.Text("unit", strings),
        };
        foreach (var (name, shape) in Shapes.Where(shape => item.Has(shape.Name)))
        {
            var data = item.Get(name);
            draft.Shape = shape;
            draft.Temporality = data.Int("aggregationTemporality");
            draft.IsMonotonic = data.Bool("isMonotonic");
            draft.Points.AddRange(data.Items("dataPoints").Select(point => ReadPoint(point, strings)));
        }

        draft.AddTo(items);
    }

    // The shapes' fields do not clash by name, so one reader does for all.
    private static PointDraft ReadPoint(JsonElement point, StringPool strings)
    {
        var draft = new PointDraft
        {
            Time = point.Time("timeUnixNano"),
            Value = point.Has("asInt") ? point.Int("asInt") : point.Has("asDouble") ? point.Double("asDouble") : point.Double("sum"),
            Count = point.Unsigned("count"),
        };
        draft.Tags.AddRange(point.Tags(strings));
        draft.Counts.AddRange(point.Items("bucketCounts").Select(count => JsonFields.ToUnsigned(count, "bucketCounts")));
        draft.Bounds.AddRange(point.Items("explicitBounds").Select(bound => JsonFields.ToDouble(bound, "explicitBounds")));
        draft.Quantiles.AddRange(point.Items("quantileValues").Select(pair => (pair.Double("quantile"), pair.Double("value"))));
        draft.Exemplars.AddRange(point.Items("exemplars").Select(ReadExemplar));
        if (point.Has("positive"))
        {
            var buckets = point.Get("positive");
            draft.Scale = (int)Math.Clamp(point.Int("scale"), int.MinValue, int.MaxValue);
            draft.Offset = (int)Math.Clamp(buckets.Int("offset"), int.MinValue, int.MaxValue);
            draft.Counts.AddRange(buckets.Items("bucketCounts").Select(count => JsonFields.ToUnsigned(count, "bucketCounts")));
        }

        return draft;
    }

    private static Exemplar ReadExemplar(JsonElement exemplar) => new(
        exemplar.Time("timeUnixNano"),
        exemplar.Has("asInt") ? exemplar.Int("asInt") : exemplar.Double("asDouble"),
        exemplar.TraceId("traceId"),
        exemplar.SpanId("spanId"));
}
