namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>What a sender says of one of its instruments.</summary>
public sealed record InstrumentInfo(TelemetryResource Resource, string Meter, string Name, string Description, string Unit, InstrumentKind Kind);
