using System.ComponentModel.DataAnnotations;
using MovieAspire.Api.Protocol.Validation;
using MovieAspire.Data;

namespace MovieAspire.Api.Profiles;

/// <summary>What a person sees of their own account.</summary>
public sealed record Profile
{
    public required long Id { get; init; }

    public required string? Email { get; init; }

    /// <summary>Whether the person has opened the link in the letter to the address.</summary>
    public required bool EmailConfirmed { get; init; }

    public required string DisplayName { get; init; }

    /// <summary><c>user</c>, and <c>moderator</c> or <c>admin</c> where given.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    public required DateTimeOffset JoinedAt { get; init; }

    public required long RatingCount { get; init; }

    public required long ReviewCount { get; init; }

    public required long FavoriteCount { get; init; }
}

/// <summary>What a person may change of their profile.</summary>
public sealed record ProfileChange
{
    /// <summary>One line, which does not turn the direction of the text around it.</summary>
    [Text(Limits.DisplayName)]
    [RegularExpression(@"^[^\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]*$", ErrorMessage = "The name must not contain line breaks or other control characters.")]
    public required string DisplayName { get; init; }
}
