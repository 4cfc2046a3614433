namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>The part that a span plays between services, with OTLP's numbers.</summary>
public enum SpanKind
{
    /// <summary>Not given.</summary>
    Unspecified = 0,

    /// <summary>Work inside a service.</summary>
    Internal = 1,

    /// <summary>A request being answered.</summary>
    Server = 2,

    /// <summary>A request to another service or a database.</summary>
    Client = 3,

    /// <summary>A message being sent.</summary>
    Producer = 4,

    /// <summary>A message being handled.</summary>
    Consumer = 5,
}
