namespace MovieAspire.Standalone.Dashboard.Otlp;

/// <summary>A request's body is longer, unpacked, than what is taken.</summary>
internal sealed class BodyTooLongException() : Exception($"The request is longer than {RequestBody.MaxLength >> 20} MiB unpacked; send smaller batches.");
