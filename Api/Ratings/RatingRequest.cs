using System.ComponentModel.DataAnnotations;
using MovieAspire.Data;

namespace MovieAspire.Api.Ratings;

/// <summary>A vote.</summary>
public sealed record RatingRequest
{
    [Range(Limits.MinRating, Limits.MaxRating)]
    public required int Value { get; init; }
}
