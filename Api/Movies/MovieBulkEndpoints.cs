using System.Buffers;
using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MovieAspire.Api.Admin;
using MovieAspire.Api.Caching;
using MovieAspire.Api.Database;
using MovieAspire.Api.Http;
using MovieAspire.Api.Identity;
using MovieAspire.Data;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace MovieAspire.Api.Movies;

/// <summary>Import and export of movies.</summary>
internal static class MovieBulkEndpoints
{
    public const string Ndjson = "application/x-ndjson";
    private const int FlushAfter = 32 * 1024;
    private const long MaxBytes = 4L * 1024 * 1024 * 1024;

    public static void MapMovieBulk(this IEndpointRouteBuilder api)
    {
        api.MapPost("/movies/import", ImportAsync).WithTags("Movies").WithName("importMovies").EvictsCache().WithIdempotency()
            .RequireAuthorization(Policies.Admin)
            .Accepts<MovieRequest>(Ndjson, "application/json")
            .Produces<ImportReport>()
            .WithMetadata(new RequestSizeLimitAttribute(MaxBytes))
            .RequireRateLimiting(RateLimitPolicies.Bulk)
            .DisableRequestTimeout();
        api.MapGet("/movies/export", ExportAsync).WithTags("Movies").WithName("exportMovies")
            .Produces<MovieRequest>(StatusCodes.Status200OK, Ndjson)
            .RequireRateLimiting(RateLimitPolicies.Bulk)
            .DisableRequestTimeout();
    }

    /// <summary>Import movies</summary>
    /// <remarks>
    /// Newline-delimited JSON, one movie per line, or a JSON array of movies. Title and release date identify a movie: new movies are added,
    /// existing ones replaced. Invalid lines, and those with another movie's id of IMDb or TMDB, are reported with number, field and reason;
    /// the other lines are imported. Movies are committed a few hundred at a time, so after a broken connection the same import can be sent
    /// again. A compressed body that is damaged or cut off is a 400, and an import whose account is locked or loses its role meanwhile ends
    /// with a 401 or 403; their member imported has the counts of what was committed before. A dry run answers the same with a
    /// preview of what would be new and what would change, and writes nothing.
    /// </remarks>
    internal static async Task ImportAsync(
        [FromQuery(Name = "dryRun"), DefaultValue(false), Description("Whether to report what the import would do, and do nothing.")]
        bool? dryRun,
        [FromQuery(Name = "rejectSameYear"), DefaultValue(false), Description(
            "Whether to reject a new movie where the catalog has its title with another day of the same year: for files that tell only years.")]
        bool? rejectSameYear,
        HttpContext context,
        MovieDbContext db,
        AuditTrail audit,
        IOptions<JsonOptions> json,
        CancellationToken cancellationToken)
    {
        if (dryRun == true)
        {
            await using var trial = await ImportTrial.BeginAsync(db, json.Value.SerializerOptions, cancellationToken);
            await RunAsync(trial, rejectSameYear == true, context, json.Value, cancellationToken);
        }
        else
        {
            await RunAsync(new ImportIntoCatalog(db, audit, context.User), rejectSameYear == true, context, json.Value, cancellationToken);
        }
    }

    private static async Task RunAsync(
        IImportTarget target, bool rejectSameYear, HttpContext context, JsonOptions json, CancellationToken cancellationToken)
    {
        var reader = new ImportReader(json.SerializerOptions);
        await using var report = new ImportReportWriter();
        var batch = new ImportBatch(target, report, rejectSameYear);
        var items = context.Request.HasJsonContentType()
            ? reader.ReadArrayAsync(context.Request, cancellationToken)
            : reader.ReadLinesAsync(context.Request, cancellationToken);
        try
        {
            await foreach (var item in items)
            {
                await batch.AddAsync(item, cancellationToken);
            }

            await batch.FlushAsync(cancellationToken);
        }
        catch (InvalidRequestException damaged) when (target is ImportIntoCatalog)
        {
            // A truncated compressed body is noticed only at its end.
            damaged.Extensions["imported"] = batch.Counts;
            throw;
        }
        catch (ImportForbiddenException forbidden)
        {
            await Stopped(forbidden.Status, batch.Counts).ExecuteAsync(context);
            return;
        }

        await report.SendAsync(batch.Counts, target.Preview, json.SerializerOptions, context.Response, cancellationToken);
    }

    private static ProblemHttpResult Stopped(int status, ImportCounts imported)
    {
        var problem = ApiProblem.Create(
            status,
            ProblemCodes.For(status),
            "Your session ended or your role was taken away while the import ran. What is in imported was committed before; the rest was not.");
        problem.ProblemDetails.Extensions["imported"] = imported;
        return problem;
    }

    /// <summary>Export movies</summary>
    /// <remarks>All movies as newline-delimited JSON, one per line, in the format of the import; streamed from one snapshot.</remarks>
    internal static async Task ExportAsync(
        HttpResponse response, MovieDbContext db, IOptions<JsonOptions> json, CancellationToken cancellationToken)
    {
        response.ContentType = Ndjson;
        response.Headers.CacheControl = "no-store";
        // Without this, a proxy such as nginx reads ahead of a slow client, and buffers up to a gigabyte on disk.
        response.Headers["X-Accel-Buffering"] = "no";
        var movies = db.MovieRows().OrderBy(row => row.Movie.Id).Select(MovieRequest.FromRow).AsAsyncEnumerable();
        await foreach (var movie in movies.WithCancellation(cancellationToken))
        {
            using (var writer = new Utf8JsonWriter(response.BodyWriter))
            {
                JsonSerializer.Serialize(writer, movie, json.Value.SerializerOptions);
            }

            response.BodyWriter.Write("\n"u8);
            if (response.BodyWriter.UnflushedBytes > FlushAfter)
            {
                await response.BodyWriter.FlushAsync(cancellationToken);
            }
        }
    }
}
