using Microsoft.AspNetCore.Http.HttpResults;
using MovieAspire.Api.Admin;
using MovieAspire.Api.Caching;
using MovieAspire.Api.Http;
using MovieAspire.Api.Identity;
using MovieAspire.Data;
using Npgsql;

namespace MovieAspire.Api.Movies;

/// <summary>The catalog: public to read, for admins to write.</summary>
internal static class MovieEndpoints
{
    public static void MapMovies(this IEndpointRouteBuilder api)
    {
        var movies = api.MapGroup("/movies").WithTags("Movies");
        movies.MapGet("/", ListAsync).WithName("listMovies").WithPublicCaching(CacheScope.Catalog);
        movies.MapGet("/{id:id}", GetAsync).WithName("getMovie").WithPublicCaching(CacheScope.Movie);
        movies.MapGet("/{id:id}/similar", ListSimilarAsync).WithName("listSimilarMovies").WithPublicCaching(CacheScope.Catalog);

        var admin = api.MapGroup("/movies").WithTags("Movies").RequireAuthorization(Policies.Admin).EvictsCache();
        admin.MapPost("/", PostAsync).WithName("postMovie").WithoutCaching().WithIdempotency();
        admin.MapPut("/{id:id}", PutAsync).WithName("putMovie").WithoutCaching().ProducesWriteProblems();
        admin.MapPatch("/{id:id}", PatchAsync).WithName("patchMovie").WithoutCaching().ProducesWriteProblems();
        admin.MapDelete("/{id:id}", DeleteAsync).WithName("deleteMovie").ProducesProblem(StatusCodes.Status412PreconditionFailed);
    }

    /// <summary>List similar movies</summary>
    /// <remarks>Movies that the same users rated 8 or higher, most similar first.</remarks>
    internal static async Task<Results<Ok<Page<MovieSummary>>, NotFound>> ListSimilarAsync(
        long id, [AsParameters] PageQuery page, MovieDbContext db, HttpContext context, CancellationToken cancellationToken) =>
        await db.MovieExistsAsync(id, cancellationToken)
            ? TypedResults.Ok(await SimilarMovies.Create(db, id).ReadPageAsync(page, context, cancellationToken))
            : TypedResults.NotFound();

    /// <summary>List movies</summary>
    /// <remarks>A page of movies, filtered, searched and sorted.</remarks>
    internal static async Task<Ok<Page<MovieSummary>>> ListAsync(
        [AsParameters] MovieFilter filter,
        [AsParameters] PageQuery page,
        MovieDbContext db,
        HttpContext context,
        CancellationToken cancellationToken) =>
        TypedResults.Ok(await db.ListMoviesAsync(filter, page, context, cancellationToken));

    /// <summary>Get a movie</summary>
    /// <remarks>All details of a movie. Its ETag covers ratings and counts, too.</remarks>
    internal static async Task<Results<Ok<MovieDetail>, NotFound>> GetAsync(
        long id, MovieDbContext db, CancellationToken cancellationToken) =>
        await db.FindMovieAsync(id, cancellationToken) is { } movie ? TypedResults.Ok(movie) : TypedResults.NotFound();

    /// <summary>Create a movie</summary>
    /// <remarks>409 when another movie has this title and release date, or one of these ids of IMDb and TMDB; the code tells which.</remarks>
    internal static async Task<Results<Created<MovieDetail>, ProblemHttpResult>> PostAsync(
        MovieRequest request, MovieDbContext db, AuditTrail audit, CancellationToken cancellationToken)
    {
        try
        {
            var movie = await db.InsertMovieAsync(audit, request, cancellationToken);
            return TypedResults.Created($"/api/v1/movies/{movie.Id}", movie);
        }
        catch (PostgresException exception) when (MovieConflict.Find(exception) is { } conflict)
        {
            return conflict.Problem;
        }
    }

    /// <summary>Replace a movie</summary>
    /// <remarks>Requires If-Match. Only the version in the ETag is compared, so a rating in between does not cause a 412.</remarks>
    internal static Task<Results<Ok<MovieDetail>, NotFound, ProblemHttpResult>> PutAsync(
        long id,
        MovieRequest request,
        MovieDbContext db,
        AuditTrail audit,
        HttpRequest http,
        CancellationToken cancellationToken) =>
        UpdateAsync(id, _ => request, db, audit, http, cancellationToken);

    /// <summary>Update a movie</summary>
    /// <remarks>A JSON merge patch (RFC 7386): null removes a value, and genres are replaced as a whole. Requires If-Match.</remarks>
    internal static Task<Results<Ok<MovieDetail>, NotFound, ProblemHttpResult>> PatchAsync(
        long id,
        MergePatch<MovieRequest> patch,
        MovieDbContext db,
        AuditTrail audit,
        HttpRequest http,
        CancellationToken cancellationToken) =>
        UpdateAsync(id, patch.ApplyTo, db, audit, http, cancellationToken);

    /// <summary>Delete a movie</summary>
    /// <remarks>Deletes its ratings, reviews and favorites, too. If-Match is optional.</remarks>
    internal static async Task<Results<NoContent, NotFound, ProblemHttpResult>> DeleteAsync(
        long id, MovieDbContext db, AuditTrail audit, HttpRequest http, CancellationToken cancellationToken) =>
        await db.DeleteMovieAsync(audit, id, IfMatch.Parse(http), cancellationToken) switch
        {
            WriteResult.Done => TypedResults.NoContent(),
            WriteResult.PreconditionFailed => IfMatch.Failed,
            _ => TypedResults.NotFound(),
        };

    private static async Task<Results<Ok<MovieDetail>, NotFound, ProblemHttpResult>> UpdateAsync(
        long id,
        Func<MovieRequest, MovieRequest> change,
        MovieDbContext db,
        AuditTrail audit,
        HttpRequest http,
        CancellationToken cancellationToken)
    {
        var precondition = IfMatch.Parse(http);
        if (!precondition.IsGiven)
        {
            return IfMatch.Required;
        }

        try
        {
            return await db.UpdateMovieAsync(audit, id, change, precondition, cancellationToken) switch
            {
                WriteResult.PreconditionFailed => IfMatch.Failed,
                WriteResult.Done when await db.FindMovieAsync(id, cancellationToken) is { } movie => TypedResults.Ok(movie),
                _ => TypedResults.NotFound(),
            };
        }
        catch (PostgresException exception) when (MovieConflict.Find(exception) is { } conflict)
        {
            return conflict.Problem;
        }
    }

    private static void ProducesWriteProblems(this RouteHandlerBuilder builder) => builder
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed)
        .ProducesProblem(StatusCodes.Status428PreconditionRequired);
}
