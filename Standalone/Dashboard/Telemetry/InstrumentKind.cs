namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>What an instrument's numbers mean.</summary>
public enum InstrumentKind
{
    /// <summary>A value of the moment: memory, a temperature.</summary>
    Gauge,

    /// <summary>A sum that goes up and down: requests in flight.</summary>
    UpDownCounter,

    /// <summary>A sum that only grows: bytes sent. What is of interest is its rate.</summary>
    Counter,

    /// <summary>Counts by size: durations.</summary>
    Histogram,
}
