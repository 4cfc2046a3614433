using System.Text.Json;

namespace MovieAspire.Api.Protocol.Problems;

/// <summary>One of our converters refuses a value; the message is for the client. The serializer adds where it stood.</summary>
internal sealed class RejectedValueException(string message) : JsonException(message);
