namespace MovieAspire.Data.Entities;

/// <summary>The first response to a POST with an <c>Idempotency-Key</c>, kept for replay.</summary>
public sealed class IdempotencyKey
{
    public long Id { get; init; }

    /// <summary>The user who sent it; the same key of two users is two keys. Never null: the API asks for an account.</summary>
    public long? UserId { get; init; }

    /// <summary>As the client sent it.</summary>
    public required string Key { get; init; }

    /// <summary>SHA-256 of method, address, content type and body: another request must not reuse the key.</summary>
    public required byte[] RequestHash { get; init; }

    /// <summary>HTTP status of the first response; null while that request runs.</summary>
    public int? StatusCode { get; set; }

    /// <summary>Headers of the first response (<c>Content-Type</c>, <c>Location</c>, <c>ETag</c>, <c>Cache-Control</c>), as a JSON object.</summary>
    public string? ResponseHeaders { get; set; }

    /// <summary>Body of the first response; null without one.</summary>
    public byte[]? ResponseBody { get; set; }

    /// <summary>When the first request came; keys are deleted after a day.</summary>
    public DateTimeOffset CreatedAt { get; private set; }
}
