using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Helpers;
using MovieAspire.Admin.Forms;
using MovieAspire.ApiClient.Api.V1.Movies;

namespace MovieAspire.Admin.Movies;

/// <summary>
/// What the list shows, as the address bar has it, under the API's names. An invalid value, which only a hand-written address has, its
/// box tells of, and the list ignores.
/// </summary>
public sealed record MovieFilter
{
    public static RequestRules Rules { get; } = RequestRules.FromParameters("/api/v1/movies");

    /// <summary>As much as a screen or two.</summary>
    public const int PageSize = 50;

    /// <summary>The most that the API gives at once.</summary>
    public const int LargestPage = 100;

    public string? Search { get; init; }

    public IReadOnlyList<string> Genres { get; init; } = [];

    public string? Year { get; init; }

    public string? ReleasedFrom { get; init; }

    public string? ReleasedTo { get; init; }

    public string? MinRating { get; init; }

    public string? MinRatings { get; init; }

    public string? UpdatedSince { get; init; }

    public string? ImdbId { get; init; }

    public string? TmdbId { get; init; }

    /// <summary>With - for descending; null is the API's own.</summary>
    public string? Sort { get; init; }

    public string? Cursor { get; init; }

    /// <summary>How many filters narrow the list that are not shown at first sight.</summary>
    public int MoreCount => new object?[] { ReleasedFrom, ReleasedTo, UpdatedSince, ImdbId, MinRating, MinRatings, TmdbId }.Count(value => value is not null);

    /// <summary>True where the list does not have all movies.</summary>
    public bool IsNarrow => MoreCount > 0 || Search is not null || Year is not null || Genres.Count > 0;

    /// <summary>The address of the list.</summary>
    public string Address(NavigationManager navigation) => navigation.GetUriWithQueryParameters(
        new Uri(new Uri(navigation.BaseUri), "movies").ToString(),
        new Dictionary<string, object?>
        {
            ["search"] = Text(Search),
            ["genre"] = Genres.ToArray(),
            ["year"] = Text(Year),
            ["releasedFrom"] = Text(ReleasedFrom),
            ["releasedTo"] = Text(ReleasedTo),
            ["minRating"] = Text(MinRating),
            ["minRatings"] = Text(MinRatings),
            ["updatedSince"] = Text(UpdatedSince),
            ["imdbId"] = Text(ImdbId),
            ["tmdbId"] = Text(TmdbId),
            ["sort"] = Sort,
            ["cursor"] = Cursor,
        });

    /// <summary>Asks the API for it.</summary>
    public void ApplyTo(MoviesRequestBuilder.MoviesRequestBuilderGetQueryParameters query)
    {
        query.Search = Text(Search);
        query.Genre = Genres.Count > 0 ? [.. Genres] : null;
        query.Year = Whole(Year);
        query.ReleasedFrom = Day(ReleasedFrom);
        query.ReleasedTo = Day(ReleasedTo);
        query.MinRating = NumberText.ParseFraction(MinRating);
        query.MinRatings = Whole(MinRatings);
        query.UpdatedSince = DateTimeOffset.TryParse(
            UpdatedSince, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since) ? since : null;
        query.ImdbId = Text(ImdbId);
        query.TmdbId = Whole(TmdbId);
        query.Sort = Sort is null ? null : EnumHelpers.GetEnumValue<GetSortQueryParameterType>(Sort);
        query.Cursor = Cursor;
        query.Limit = PageSize;
    }

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static int? Whole(string? text) => NumberText.ParseWhole(text) is >= int.MinValue and <= int.MaxValue and var number ? (int)number : null;

    private static Date? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? new Date(day.Year, day.Month, day.Day)
            : null;
}
