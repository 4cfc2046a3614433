using MovieAspire.Api.Protocol.Paging;

namespace MovieAspire.Api.Movies;

/// <summary>The orders that lists of films offer. Each has an index of the key and the film's id.</summary>
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
