namespace MovieAspire.Standalone.Dashboard.Telemetry;

/// <summary>An attribute of a span, a log record, a metric or their sender, as text.</summary>
public readonly record struct Tag(string Key, string Value);
