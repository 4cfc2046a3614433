namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>Nanoseconds since 1970, the instants of OTLP, which DateTime's 100 ns would round.</summary>
public static class UnixTime
{
    /// <summary>Nanoseconds of one second.</summary>
    public const long Second = 1_000_000_000;

    /// <summary>The instant in UTC.</summary>
    public static DateTime ToDateTime(long nanoseconds) => DateTime.UnixEpoch.AddTicks(nanoseconds / 100);

    /// <summary>Nanoseconds since 1970 of an instant.</summary>
    public static long From(DateTimeOffset instant) => (instant.UtcTicks - DateTime.UnixEpoch.Ticks) * 100;

    /// <summary>The length of time in nanoseconds.</summary>
    public static long From(TimeSpan duration) => duration.Ticks * 100;

    /// <summary>OTLP's unsigned number; beyond the year 2262 it is cut.</summary>
    public static long FromOtlp(ulong nanoseconds) => nanoseconds > long.MaxValue ? long.MaxValue : (long)nanoseconds;
}
