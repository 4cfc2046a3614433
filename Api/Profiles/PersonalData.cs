using MovieAspire.Api.Ratings;
using MovieAspire.Api.Reviews;

namespace MovieAspire.Api.Profiles;

/// <summary>Everything held about a person. Lists are written as they are read, however long they are.</summary>
public sealed record PersonalData
{
    public required Profile Profile { get; init; }

    public required AccountData Account { get; init; }

    public required IAsyncEnumerable<RatingResponse> Ratings { get; init; }

    public required IAsyncEnumerable<ReviewResponse> Reviews { get; init; }

    public required IAsyncEnumerable<MarkedItem> Favorites { get; init; }

    /// <summary>The reviews that the person found helpful.</summary>
    public required IAsyncEnumerable<MarkedItem> HelpfulVotes { get; init; }

    /// <summary>The requests whose answers are kept for a while, to be repeated.</summary>
    public required IAsyncEnumerable<KeptRequest> IdempotencyKeys { get; init; }
}

/// <summary>What is held for logging in. Password and keys are kept as digests or secrets, and not given out.</summary>
public sealed record AccountData
{
    public required string UserName { get; init; }

    public required string? PhoneNumber { get; init; }

    public required bool PhoneNumberConfirmed { get; init; }

    public required bool TwoFactorEnabled { get; init; }

    /// <summary>Wrong passwords since the last right one.</summary>
    public required int FailedLogins { get; init; }

    public required DateTimeOffset? LockedUntil { get; init; }

    /// <summary>Other sites whose accounts may log in here.</summary>
    public required IReadOnlyList<string> ExternalLogins { get; init; }

    /// <summary>What else is noted about the account, as <c>type=value</c>.</summary>
    public required IReadOnlyList<string> Claims { get; init; }

    /// <summary>Names of the secrets that are kept, such as the key of an authenticator app.</summary>
    public required IReadOnlyList<string> Secrets { get; init; }
}

/// <summary>A film kept, or a review found helpful.</summary>
public sealed record MarkedItem
{
    public required long Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A request that carried an <c>Idempotency-Key</c>.</summary>
public sealed record KeptRequest
{
    public required string Key { get; init; }

    /// <summary>HTTP status of the answer; null while there is none.</summary>
    public required int? StatusCode { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
