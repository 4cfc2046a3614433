using System.ComponentModel.DataAnnotations;
using MovieAspire.Api.Http;
using MovieAspire.Api.Reviews;
using MovieAspire.Data;

namespace MovieAspire.Api.Moderation;

/// <summary>A user's report of a review.</summary>
public sealed record ReportResponse
{
    public required long Id { get; init; }

    /// <summary>The review as it is now.</summary>
    public required ReviewResponse Review { get; init; }

    public required Reporter Reporter { get; init; }

    [ReportReason]
    public required string Reason { get; init; }

    /// <summary>What the reporter adds.</summary>
    public required string? Comment { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>The user who reported a review.</summary>
public sealed record Reporter
{
    public required long Id { get; init; }

    public required string DisplayName { get; init; }
}

/// <summary>What a moderator decides about a reported review.</summary>
public sealed record ResolutionRequest
{
    public const string Keep = "keep";
    public const string Remove = "remove";

    /// <summary>Keep the review, or remove it.</summary>
    [AllowedValues(Keep, Remove, ErrorMessage = $"The action must be {Keep} or {Remove}.")]
    public required string Action { get; init; }

    /// <summary>Why, for the audit trail.</summary>
    [NonBlank(Limits.ReportComment)]
    public required string Reason { get; init; }
}

/// <summary>Why a moderator removes a review.</summary>
public sealed record RemovalRequest
{
    /// <summary>Why, for the audit trail.</summary>
    [NonBlank(Limits.ReportComment)]
    public required string Reason { get; init; }
}
