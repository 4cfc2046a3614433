using MovieAspire.Api.Protocol.Problems;

namespace MovieAspire.Api.OpenApi;

/// <summary>An error (RFC 9457).</summary>
public sealed record Problem
{
    /// <summary>A URN that ends in the code.</summary>
    public required string Type { get; init; }

    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What happened this time, and what to do about it.</summary>
    public string? Detail { get; init; }

    /// <summary>Stable, for programs to branch on, such as <c>validation_failed</c>; see <see cref="ProblemCodes"/>.</summary>
    public required string Code { get; init; }

    /// <summary>Finds the request in the logs and traces.</summary>
    public required string TraceId { get; init; }

    /// <summary>What is wrong, by field or parameter; <c>$</c> is the whole body.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }
}
