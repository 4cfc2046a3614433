using Microsoft.AspNetCore.Http.HttpResults;
using MovieAspire.Api.Protocol.Caching;
using MovieAspire.Api.Protocol.Paging;
using MovieAspire.Data;

namespace MovieAspire.Api.Movies;

/// <summary>The catalogue, for everybody.</summary>
internal static class MovieEndpoints
{
    public static void MapMovies(this IEndpointRouteBuilder api)
    {
        var movies = api.MapGroup("/movies").WithTags("Movies");
        movies.MapGet("/", ListAsync).WithName("listMovies").WithPublicCaching();
        movies.MapGet("/{id:long}", GetAsync).WithName("getMovie").WithPublicCaching();
        movies.MapGet("/{id:long}/similar", ListSimilarAsync).WithName("listSimilarMovies").WithPublicCaching();
    }

    /// <summary>List similar films</summary>
    /// <remarks>Films that the same people rated 8 or higher, best first.</remarks>
    internal static async Task<Results<Ok<Page<MovieSummary>>, NotFound>> ListSimilarAsync(
        long id, [AsParameters] PageQuery page, MovieDbContext db, HttpContext context, CancellationToken cancellationToken) =>
        await db.MovieExistsAsync(id, cancellationToken)
            ? TypedResults.Ok(await db.ReadPageAsync(SimilarMovies.Of(id), page, context, cancellationToken))
            : TypedResults.NotFound();

    /// <summary>List films</summary>
    /// <remarks>A page of films, filtered, searched and sorted.</remarks>
    internal static async Task<Ok<Page<MovieSummary>>> ListAsync(
        [AsParameters] MovieFilter filter,
        [AsParameters] PageQuery page,
        MovieDbContext db,
        HttpContext context,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.ReadPageAsync(MovieList.Of(filter), page, context, cancellationToken));

    /// <summary>Get a film</summary>
    /// <remarks>Everything about one film. Its ETag covers what people's votes add up to, too.</remarks>
    internal static async Task<Results<Ok<MovieDetail>, NotFound>> GetAsync(
        long id, MovieDbContext db, CancellationToken cancellationToken) =>
        await db.FindMovieAsync(id, cancellationToken) is { } movie ? TypedResults.Ok(movie) : TypedResults.NotFound();
}
