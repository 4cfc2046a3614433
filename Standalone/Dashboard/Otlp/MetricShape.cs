namespace MovieAspire.Standalone.Dashboard.Otlp;

/// <summary>The forms that OTLP has for a metric's points.</summary>
internal enum MetricShape
{
    Gauge,
    Sum,
    Histogram,
    ExponentialHistogram,
    Summary,
}
