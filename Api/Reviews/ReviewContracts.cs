using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using MovieAspire.Api.Http;
using MovieAspire.Data;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Reviews;

/// <summary>A review.</summary>
public sealed record ReviewResponse : IVersioned
{
    public required long Id { get; init; }

    public required ReviewedMovie Movie { get; init; }

    public required ReviewAuthor Author { get; init; }

    public required string Title { get; init; }

    public required string Body { get; init; }

    public required bool ContainsSpoilers { get; init; }

    /// <summary>The number of users who marked it as helpful.</summary>
    public required int HelpfulCount { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its author last changed it. Helpful votes do not change it.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public int Version { get; init; }

    internal static readonly Expression<Func<Review, ReviewResponse>> FromReview = review => new()
    {
        Id = review.Id,
        Movie = new() { Id = review.MovieId, Title = review.Movie.Title },
        Author = new() { Id = review.UserId, DisplayName = review.User.DisplayName },
        Title = review.Title,
        Body = review.Body,
        ContainsSpoilers = review.ContainsSpoilers,
        HelpfulCount = review.HelpfulCount,
        CreatedAt = review.CreatedAt,
        UpdatedAt = review.UpdatedAt,
        Version = review.Version,
    };
}

/// <summary>The movie that a review is about.</summary>
public sealed record ReviewedMovie
{
    public required long Id { get; init; }

    public required string Title { get; init; }
}

/// <summary>The user who wrote a review.</summary>
public sealed record ReviewAuthor
{
    public required long Id { get; init; }

    public required string DisplayName { get; init; }
}

/// <summary>A user's review of a movie.</summary>
public sealed record ReviewRequest
{
    [Line(Limits.ReviewTitle)]
    public required string Title { get; init; }

    [NonBlank(Limits.ReviewBody)]
    public required string Body { get; init; }

    /// <summary>Whether the text reveals the plot; null is false.</summary>
    public bool? ContainsSpoilers { get; init; }
}

/// <summary>The order of a movie's reviews.</summary>
public sealed record ReviewSort
{
    private const string NewestFirst = "-createdAt";
    private const string MostHelpfulFirst = "-helpful";

    private static readonly Dictionary<string, SortKey<Review>> Keys = new()
    {
        ["createdAt"] = new SortKey<Review, DateTimeOffset>(review => review.CreatedAt, review => review.Id),
        ["helpful"] = new SortKey<Review, int>(review => review.HelpfulCount, review => review.Id),
    };

    [FromQuery(Name = "sort")]
    [AllowedValues(null, NewestFirst, "createdAt", MostHelpfulFirst, ErrorMessage = "The order is -createdAt, createdAt or -helpful.")]
    [DefaultValue(NewestFirst)]
    [Description("The order: newest first, oldest first, or most helpful first.")]
    public string? Sort { get; init; }

    internal SortOrder<Review> Order => SortOrder<Review>.Parse(Sort ?? NewestFirst, Keys);
}
