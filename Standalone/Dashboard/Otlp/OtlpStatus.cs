namespace MovieAspire.Standalone.Dashboard.Otlp;

/// <summary>Why a request was refused, by gRPC's codes, and what OTLP/HTTP answers then.</summary>
internal enum OtlpStatus
{
    Ok = 0,
    InvalidArgument = 3,
    ResourceExhausted = 8,
    Unimplemented = 12,
    Unauthenticated = 16,
}
