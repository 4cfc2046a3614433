using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Otlp;

/// <summary>Reads <c>opentelemetry.proto.metrics.v1</c>.</summary>
internal static class ProtoMetrics
{
    public static void Read(ProtoReader message, string scope, StringPool strings, List<MetricData> items)
    {
        var draft = new MetricDraft { Meter = scope };
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: draft.Name = OtlpValues.Cut(strings.Get(message.Bytes())); break;
                case 2: draft.Description = OtlpValues.Cut(strings.Get(message.Bytes())); break;
                case 3: draft.Unit = OtlpValues.Cut(strings.Get(message.Bytes())); break;
                case 5: ReadPoints(message.Message(), strings, draft, MetricShape.Gauge); break;
                case 7: ReadPoints(message.Message(), strings, draft, MetricShape.Sum); break;
                case 9: ReadPoints(message.Message(), strings, draft, MetricShape.Histogram); break;
                case 10: ReadPoints(message.Message(), strings, draft, MetricShape.ExponentialHistogram); break;
                case 11: ReadPoints(message.Message(), strings, draft, MetricShape.Summary); break;
                default: message.Skip(); break;
            }
        }

        draft.AddTo(items);
    }

    // Gauge, Sum, the histograms and Summary agree on their field numbers: 1 points, 2 temporality, 3 monotonic.
    private static void ReadPoints(ProtoReader message, StringPool strings, MetricDraft draft, MetricShape shape)
    {
        draft.Shape = shape;
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: draft.Points.Add(ProtoPoint.Read(message.Message(), strings, shape)); break;
                case 2: draft.Temporality = message.Int(); break;
                case 3: draft.IsMonotonic = message.Int() != 0; break;
                default: message.Skip(); break;
            }
        }
    }
}
