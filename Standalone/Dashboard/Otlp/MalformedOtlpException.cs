namespace MovieAspire.Standalone.Dashboard.Otlp;

/// <summary>The request is no OTLP; the message says where it stops making sense.</summary>
public sealed class MalformedOtlpException(string message) : Exception(message);
