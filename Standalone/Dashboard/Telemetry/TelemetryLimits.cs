namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>How much telemetry is kept; beyond it the oldest goes first.</summary>
public sealed record TelemetryLimits
{
    /// <summary>The most log records of one resource.</summary>
    public int Logs { get; init; } = 10_000;

    /// <summary>The most traces of one resource (the one whose span of it came first).</summary>
    public int Traces { get; init; } = 10_000;

    /// <summary>The most metric points of one resource.</summary>
    public int Points { get; init; } = 10_000;

    /// <summary>The most spans of one trace; further ones are counted but not kept.</summary>
    public int SpansPerTrace { get; init; } = 5_000;

    /// <summary>The most senders.</summary>
    public int Resources { get; init; } = 200;

    /// <summary>About the most bytes of each kind, all resources together, so that large records cannot fill the memory.</summary>
    public long Bytes { get; init; } = 40 << 20;
}
