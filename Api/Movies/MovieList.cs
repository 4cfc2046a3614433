using System.Collections.ObjectModel;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using MovieAspire.Api.Http;
using MovieAspire.Data;

namespace MovieAspire.Api.Movies;

/// <summary>The filters and the order of the list of movies.</summary>
public sealed record MovieFilter
{
    private const int FirstYear = 1888;
    private const int LastYear = 2100;

    [FromQuery(Name = "sort")]
    [AllowedValues(
        null, "title", "-title", "releaseDate", "-releaseDate", "rating", "-rating", "popularity", "-popularity", MovieSorts.Relevance,
        ErrorMessage = "Unknown order; the documentation of this parameter lists the values.")]
    [Description(
        "The order, with - for descending. rating is a Bayesian average, popularity the number of ratings. "
        + "The default is -relevance with search (which it needs), otherwise -popularity.")]
    public string? Sort { get; init; }

    [FromQuery(Name = "genre")]
    [MaxLength(10)]
    [Description("The name of a genre, ignoring case. Repeatable: a movie must have all of them.")]
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
    [Description("The lowest average rating. Movies without ratings are excluded.")]
    public decimal? MinRating { get; init; }

    [FromQuery(Name = "minRatings")]
    [Range(0, int.MaxValue)]
    [Description("The lowest number of ratings.")]
    public int? MinRatings { get; init; }

    [FromQuery(Name = "search")]
    [StringLength(MovieSearch.MaxLength, MinimumLength = 1)]
    [Description("Words or prefixes of title and director. Misspelled titles are found, too.")]
    public string? Search { get; init; }

    [FromQuery(Name = "updatedSince")]
    [Description("Only movies that were edited at or after this instant.")]
    public DateTimeOffset? UpdatedSince { get; init; }
}

/// <summary>The sort orders. Each has an index of the key and the movie's id.</summary>
internal static class MovieSorts
{
    public const string Default = "-popularity";

    /// <summary>Best match first; only with a search.</summary>
    public const string Relevance = "-relevance";

    public static readonly IReadOnlyDictionary<string, SortKey> Offered = new Dictionary<string, SortKey>
    {
        ["title"] = new($"m.sort_title", "text"),
        ["releaseDate"] = new($"m.release_date", "date"),
        ["rating"] = new($"s.score", "double precision"),
        ["popularity"] = new($"s.rating_count", "integer"),
    };

    /// <summary>
    /// The column that breaks ties: the id on that side of the join which holds the key, so that one index serves both.
    /// </summary>
    public static string TieBreaker(SortOrder order) => order.Key.Type is "text" or "date" ? "m.id" : "s.movie_id";
}

internal static class MovieList
{
    /// <exception cref="InvalidRequestException">Parameters that are valid each by itself do not go together.</exception>
    public static ListQuery<MovieSummary> Create(MovieFilter filter)
    {
        var search = filter.Search is null ? null : new MovieSearch(filter.Search);
        var sort = SortOf(filter.Sort ?? (search is null ? MovieSorts.Default : MovieSorts.Relevance), search);
        return new()
        {
            Columns = MovieSummary.Columns,
            From = MovieSummary.From,
            Where = [.. Conditions(filter, search)],
            Settings = search?.Settings ?? ReadOnlyDictionary<string, string>.Empty,
            Sort = sort,
            TieBreaker = MovieSorts.TieBreaker(sort),
            Read = row => MovieSummary.Read(row),
        };
    }

    private static SortOrder SortOf(string name, MovieSearch? search)
    {
        if (name != MovieSorts.Relevance)
        {
            return SortOrder.Parse(name, MovieSorts.Offered);
        }

        return new(name, search?.Relevance ?? throw new InvalidRequestException("sort", "Sorting by relevance needs a search."));
    }

    private static IEnumerable<FormattableString> Conditions(MovieFilter filter, MovieSearch? search)
    {
        var (from, to) = Period(filter);
        if (from is not null)
        {
            yield return $"m.release_date >= {from}";
        }

        if (to is not null)
        {
            yield return $"m.release_date <= {to}";
        }

        if (filter.MinRating is { } rating)
        {
            yield return $"s.average_rating >= {rating}";
        }

        if (filter.MinRatings is { } ratings)
        {
            yield return $"s.rating_count >= {ratings}";
        }

        if (filter.UpdatedSince is { } since)
        {
            yield return $"m.updated_at >= {since.UtcDateTime}";
        }

        if (search is not null)
        {
            yield return search.Condition;
        }

        foreach (var genre in filter.Genres ?? [])
        {
            // The genre's id is looked up once, not its name per movie: a third of the time where many movies are checked.
            yield return $"EXISTS (SELECT FROM movie_genres mg WHERE mg.movie_id = m.id AND mg.genre_id = (SELECT id FROM genres WHERE name = {genre}))";
        }
    }

    /// <summary>The narrowest period that the parameters leave.</summary>
    private static (DateOnly? From, DateOnly? To) Period(MovieFilter filter)
    {
        if (filter.ReleasedTo < filter.ReleasedFrom)
        {
            throw new InvalidRequestException("releasedTo", "releasedTo must not be before releasedFrom.");
        }

        if (filter.Year is not { } year)
        {
            return (filter.ReleasedFrom, filter.ReleasedTo);
        }

        var (first, last) = (new DateOnly(year, 1, 1), new DateOnly(year, 12, 31));
        return (filter.ReleasedFrom > first ? filter.ReleasedFrom : first, filter.ReleasedTo < last ? filter.ReleasedTo : last);
    }
}
