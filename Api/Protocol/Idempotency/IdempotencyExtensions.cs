namespace MovieAspire.Api.Protocol.Idempotency;

/// <summary>Marks an operation that honours <c>Idempotency-Key</c>.</summary>
internal sealed class IdempotentMetadata;

/// <summary>Lets POSTs be repeated.</summary>
internal static class IdempotencyExtensions
{
    /// <summary>Replays the first answer to a request that comes again with its <c>Idempotency-Key</c>. The operation must require an account.</summary>
    public static RouteHandlerBuilder WithIdempotency(this RouteHandlerBuilder builder) => builder
        .WithMetadata(new IdempotentMetadata())
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
}
