namespace MovieAspire.Api.Protocol.Idempotency;

/// <summary>Sends a body that is there as bytes.</summary>
internal static class ResponseBody
{
    /// <summary>An empty one starts no response, so that a bare 404 still becomes a problem document.</summary>
    public static ValueTask WriteBodyAsync(this HttpResponse response, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        body.IsEmpty ? ValueTask.CompletedTask : response.Body.WriteAsync(body, cancellationToken);
}
