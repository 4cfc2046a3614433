namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>The levels of .NET's logging, at the OTLP number where each begins.</summary>
public enum LogSeverity
{
    /// <summary>1 to 4, and records without a level.</summary>
    Trace = 1,

    /// <summary>5 to 8.</summary>
    Debug = 5,

    /// <summary>9 to 12.</summary>
    Information = 9,

    /// <summary>13 to 16.</summary>
    Warning = 13,

    /// <summary>17 to 20.</summary>
    Error = 17,

    /// <summary>21 and above.</summary>
    Critical = 21,
}
