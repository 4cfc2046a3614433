using MovieAspire.Api.Protocol.Validation;
using MovieAspire.Data;

namespace MovieAspire.Api.Reviews;

/// <summary>What a person writes about a film.</summary>
public sealed record ReviewRequest
{
    [Text(Limits.ReviewTitle)]
    public required string Title { get; init; }

    [Text(Limits.ReviewBody)]
    public required string Body { get; init; }

    /// <summary>Whether the text gives the plot away.</summary>
    public bool ContainsSpoilers { get; init; }
}
