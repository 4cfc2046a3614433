using MovieAspire.Standalone.Dashboard.Telemetry;

namespace MovieAspire.Standalone.Dashboard.Otlp;

/// <summary>Reads a NumberDataPoint, HistogramDataPoint, ExponentialHistogramDataPoint or SummaryDataPoint.</summary>
internal static class ProtoPoint
{
    public static PointDraft Read(ProtoReader message, StringPool strings, MetricShape shape)
    {
        var draft = new PointDraft();
        while (message.Next())
        {
            // Start (2) and time (3) have the same numbers in all shapes.
            if (message.Field == 3)
            {
                draft.Time = UnixTime.FromOtlp(message.Fixed64());
                continue;
            }

            switch (shape)
            {
                case MetricShape.Gauge or MetricShape.Sum: ReadNumber(ref message, strings, draft); break;
                case MetricShape.Histogram: ReadHistogram(ref message, strings, draft); break;
                case MetricShape.ExponentialHistogram: ReadExponential(ref message, strings, draft); break;
                default: ReadSummary(ref message, strings, draft); break;
            }
        }

        return draft;
    }

    private static void ReadNumber(ref ProtoReader message, StringPool strings, PointDraft draft)
    {
        switch (message.Field)
        {
            case 4: draft.Value = message.Double(); break;
            case 5: draft.Exemplars.Add(ReadExemplar(message.Message())); break;
            case 6: draft.Value = (long)message.Fixed64(); break;
            case 7: draft.Tags.Add(ProtoCommon.KeyValue(message.Message(), strings)); break;
            default: message.Skip(); break;
        }
    }

    private static void ReadHistogram(ref ProtoReader message, StringPool strings, PointDraft draft)
    {
        switch (message.Field)
        {
            case 4: draft.Count = message.Fixed64(); break;
            case 5: draft.Value = message.Double(); break;
            case 6: message.Fixed64s(draft.Counts, static bits => bits); break;
            case 7: message.Fixed64s(draft.Bounds, BitConverter.UInt64BitsToDouble); break;
            case 8: draft.Exemplars.Add(ReadExemplar(message.Message())); break;
            case 9: draft.Tags.Add(ProtoCommon.KeyValue(message.Message(), strings)); break;
            default: message.Skip(); break;
        }
    }

    private static void ReadExponential(ref ProtoReader message, StringPool strings, PointDraft draft)
    {
        switch (message.Field)
        {
            case 1: draft.Tags.Add(ProtoCommon.KeyValue(message.Message(), strings)); break;
            case 4: draft.Count = message.Fixed64(); break;
            case 5: draft.Value = message.Double(); break;
            case 6: draft.Scale = message.ZigZag(); break;
            case 8: ReadBuckets(message.Message(), draft); break;
            case 11: draft.Exemplars.Add(ReadExemplar(message.Message())); break;
            default: message.Skip(); break;
        }
    }

    private static void ReadBuckets(ProtoReader message, PointDraft draft)
    {
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: draft.Offset = message.ZigZag(); break;
                case 2: message.Varints(draft.Counts); break;
                default: message.Skip(); break;
            }
        }
    }

    private static void ReadSummary(ref ProtoReader message, StringPool strings, PointDraft draft)
    {
        switch (message.Field)
        {
            case 6: draft.Quantiles.Add(ReadQuantile(message.Message())); break;
            case 7: draft.Tags.Add(ProtoCommon.KeyValue(message.Message(), strings)); break;
            default: message.Skip(); break;
        }
    }

    private static (double Quantile, double Value) ReadQuantile(ProtoReader message)
    {
        var (quantile, value) = (0d, 0d);
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1: quantile = message.Double(); break;
                case 2: value = message.Double(); break;
                default: message.Skip(); break;
            }
        }

        return (quantile, value);
    }

    private static Exemplar ReadExemplar(ProtoReader message)
    {
        var (time, value, traceId, spanId) = (0L, 0d, default(TraceId), default(SpanId));
        while (message.Next())
        {
            switch (message.Field)
            {
                case 2: time = UnixTime.FromOtlp(message.Fixed64()); break;
                case 3: value = message.Double(); break;
                case 4: spanId = SpanId.Read(message.Bytes()); break;
                case 5: traceId = TraceId.Read(message.Bytes()); break;
                case 6: value = (long)message.Fixed64(); break;
                default: message.Skip(); break;
            }
        }

        return new Exemplar(time, value, traceId, spanId);
    }
}
