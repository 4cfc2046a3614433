using Microsoft.AspNetCore.Http.HttpResults;
using MovieAspire.Api.Http;
using MovieAspire.Api.Identity;
using MovieAspire.Data;

namespace MovieAspire.Api.Movies;

/// <summary>The catalogue: everybody reads it, admins write it.</summary>
internal static class MovieEndpoints
{
    public static void MapMovies(this IEndpointRouteBuilder api)
    {
        var movies = api.MapGroup("/movies").WithTags("Movies");
        movies.MapGet("/", ListAsync).WithName("listMovies").WithPublicCaching();
        movies.MapGet("/{id:long}", GetAsync).WithName("getMovie").WithPublicCaching();
        movies.MapGet("/{id:long}/similar", ListSimilarAsync).WithName("listSimilarMovies").WithPublicCaching();

        var admin = api.MapGroup("/movies").WithTags("Movies").RequireAuthorization(Policies.Admin);
        admin.MapPost("/", PostAsync).WithName("postMovie").WithoutCaching().WithIdempotency();
        admin.MapPut("/{id:long}", PutAsync).WithName("putMovie").WithoutCaching().ProducesWriteProblems();
        admin.MapPatch("/{id:long}", PatchAsync).WithName("patchMovie").WithoutCaching().ProducesWriteProblems();
        admin.MapDelete("/{id:long}", DeleteAsync).WithName("deleteMovie").ProducesProblem(StatusCodes.Status412PreconditionFailed);
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

    /// <summary>Add a film</summary>
    /// <remarks>409 when there is one of this title and release date.</remarks>
    internal static async Task<Results<Created<MovieDetail>, ProblemHttpResult>> PostAsync(
        MovieRequest request, MovieDbContext db, CancellationToken cancellationToken) =>
        await db.InsertMovieAsync(request, cancellationToken) is { } id && await db.FindMovieAsync(id, cancellationToken) is { } movie
            ? TypedResults.Created($"/api/v1/movies/{id}", movie)
            : Exists();

    /// <summary>Replace a film's facts</summary>
    /// <remarks>Needs If-Match; the version in the film's ETag counts, so that a vote in between does not refuse an editor.</remarks>
    internal static async Task<Results<Ok<MovieDetail>, NotFound, ProblemHttpResult>> PutAsync(
        long id, MovieRequest request, MovieDbContext db, HttpRequest http, CancellationToken cancellationToken)
    {
        var precondition = IfMatch.Of(http);
        return precondition.IsGiven
            ? await AnswerAsync(id, await db.UpdateMovieAsync(id, request, precondition.On($"version"), cancellationToken), db, cancellationToken)
            : IfMatch.Required;
    }

    /// <summary>Change some of a film's facts</summary>
    /// <remarks>A JSON merge patch (RFC 7386): null removes a fact, and genres are replaced as a whole. Needs If-Match.</remarks>
    internal static async Task<Results<Ok<MovieDetail>, NotFound, ProblemHttpResult>> PatchAsync(
        long id, MergePatch<MovieRequest> patch, MovieDbContext db, HttpRequest http, CancellationToken cancellationToken)
    {
        var precondition = IfMatch.Of(http);
        if (!precondition.IsGiven)
        {
            return IfMatch.Required;
        }

        if (await db.FindMovieAsync(id, cancellationToken) is not { } current)
        {
            return TypedResults.NotFound();
        }

        // What was merged is the version just read; another one in between must not be lost, whatever If-Match allows.
        var outcome = await db.UpdateMovieAsync(
            id,
            patch.ApplyTo(MovieRequest.Of(current)),
            $"version = {current.Version} AND {precondition.On($"version")}",
            cancellationToken);
        return await AnswerAsync(id, outcome, db, cancellationToken);
    }

    /// <summary>Delete a film</summary>
    /// <remarks>With its ratings, reviews and places among favourites. If-Match is honoured.</remarks>
    internal static async Task<Results<NoContent, NotFound, ProblemHttpResult>> DeleteAsync(
        long id, MovieDbContext db, HttpRequest http, CancellationToken cancellationToken) =>
        await db.DeleteMovieAsync(id, IfMatch.Of(http), cancellationToken) switch
        {
            WriteResult.Done => TypedResults.NoContent(),
            WriteResult.PreconditionFailed => IfMatch.Failed,
            _ => TypedResults.NotFound(),
        };

    private static async Task<Results<Ok<MovieDetail>, NotFound, ProblemHttpResult>> AnswerAsync(
        long id, WriteResult outcome, MovieDbContext db, CancellationToken cancellationToken) => outcome switch
    {
        WriteResult.Conflict => Exists(),
        WriteResult.PreconditionFailed => IfMatch.Failed,
        WriteResult.Done when await db.FindMovieAsync(id, cancellationToken) is { } movie => TypedResults.Ok(movie),
        _ => TypedResults.NotFound(),
    };

    private static ProblemHttpResult Exists() => TypedResults.Problem(
        statusCode: StatusCodes.Status409Conflict,
        detail: "There is a film of this title and release date.",
        extensions: new Dictionary<string, object?> { ["code"] = ProblemCodes.MovieExists });

    private static void ProducesWriteProblems(this RouteHandlerBuilder builder) => builder
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed)
        .ProducesProblem(StatusCodes.Status428PreconditionRequired);
}
