namespace MovieAspire.Data.Entities;

/// <summary>The first answer to a POST that carried an <c>Idempotency-Key</c>, kept to be replayed.</summary>
public sealed class IdempotencyKey
{
    public long Id { get; init; }

    /// <summary>The user who sent it; the same key of two users is two keys. Never null: the API asks for an account.</summary>
    public long? UserId { get; init; }

    /// <summary>As the client sent it.</summary>
    public required string Key { get; init; }

    /// <summary>SHA-256 over method, path and body, which tells a replay from a misuse of the key.</summary>
    public required byte[] RequestHash { get; init; }

    /// <summary>HTTP status of the first answer; null while that request still runs.</summary>
    public int? StatusCode { get; set; }

    /// <summary>Headers of the first answer (<c>Location</c>, <c>ETag</c>, <c>Content-Type</c>), as a JSON object.</summary>
    public string? ResponseHeaders { get; set; }

    /// <summary>Body of the first answer; null without one.</summary>
    public byte[]? ResponseBody { get; set; }

    /// <summary>When the first request came; old keys are forgotten.</summary>
    public DateTimeOffset CreatedAt { get; private set; }
}
