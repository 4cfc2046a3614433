using System.Collections.ObjectModel;
using MovieAspire.Api.Protocol.Paging;
using MovieAspire.Api.Protocol.Problems;

namespace MovieAspire.Api.Movies;

/// <summary>The list of films that a filter describes.</summary>
internal static class MovieList
{
    /// <exception cref="InvalidRequestException">Parameters that are valid each by itself do not go together.</exception>
    public static ListQuery<MovieSummary> Of(MovieFilter filter)
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
            return SortOrder.Of(name, MovieSorts.Offered);
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
            // The id once for all films, not the name for each: that takes a third of the time where many have to be looked at.
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
