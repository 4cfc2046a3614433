using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using MovieAspire.Data;

namespace MovieAspire.Api.Movies;

/// <summary>Which films a list shows, and in which order.</summary>
public sealed record MovieFilter
{
    private const int FirstYear = 1888;
    private const int LastYear = 2100;

    [FromQuery(Name = "sort")]
    [AllowedValues(
        null, "title", "-title", "releaseDate", "-releaseDate", "rating", "-rating", "popularity", "-popularity", MovieSorts.Relevance,
        ErrorMessage = "There is no such order; see the values that the documentation of this parameter lists.")]
    [Description(
        "The order, with - for descending. rating is a Bayesian average, popularity the number of ratings. "
        + "The default is -relevance with search (which it needs), otherwise -popularity.")]
    public string? Sort { get; init; }

    [FromQuery(Name = "genre")]
    [MaxLength(10)]
    [Description("A genre's name, whatever its case. Repeatable: a film must have all of them.")]
    public string[]? Genres { get; init; }

    [FromQuery(Name = "year")]
    [Range(FirstYear, LastYear)]
    [Description("The year of the release.")]
    public int? Year { get; init; }

    [FromQuery(Name = "releasedFrom")]
    [Description("The first day of release, inclusive.")]
    public DateOnly? ReleasedFrom { get; init; }

    [FromQuery(Name = "releasedTo")]
    [Description("The last day of release, inclusive.")]
    public DateOnly? ReleasedTo { get; init; }

    [FromQuery(Name = "minRating")]
    [Range((double)Limits.MinRating, Limits.MaxRating)]
    [Description("The lowest mean of the votes; films without votes are left out.")]
    public decimal? MinRating { get; init; }

    [FromQuery(Name = "minRatings")]
    [Range(0, int.MaxValue)]
    [Description("The lowest number of ratings.")]
    public int? MinRatings { get; init; }

    [FromQuery(Name = "search")]
    [StringLength(MovieSearch.MaxLength, MinimumLength = 1)]
    [Description("Words of title and director, or their beginnings; misspelt titles are found, too.")]
    public string? Search { get; init; }

    [FromQuery(Name = "updatedSince")]
    [Description("Only films whose facts changed at or after this instant.")]
    public DateTimeOffset? UpdatedSince { get; init; }
}
