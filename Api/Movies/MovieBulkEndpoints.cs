using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MovieAspire.Api.Admin;
using MovieAspire.Api.Caching;
using MovieAspire.Api.Database;
using MovieAspire.Api.Http;
using MovieAspire.Api.Identity;
using MovieAspire.Data;
using RequestSizeLimitAttribute = Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute;

namespace MovieAspire.Api.Movies;

/// <summary>Many movies at once: import and export.</summary>
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
    /// again. A compressed body that is damaged or cut off is a 400, whose member imported has the counts of what was committed before.
    /// </remarks>
    internal static async Task ImportAsync(
        HttpContext context, MovieDbContext db, AuditTrail audit, IOptions<JsonOptions> json, CancellationToken cancellationToken)
    {
        var reader = new ImportReader(json.Value.SerializerOptions);
        await using var report = new ImportReportWriter();
        var batch = new ImportBatch(db, audit, report);
        var items = context.Request.HasJsonContentType()
            ? reader.ReadArrayAsync(context.Request, cancellationToken)
            : reader.ReadLinesAsync(context.Request, cancellationToken);
        try
        {
            await foreach (var item in items)
            {
                await batch.AddAsync(item, cancellationToken);
            }
        }
        catch (InvalidRequestException damaged)
        {
            // A compressed body that is cut off is noticed at its end only.
            damaged.Extensions["imported"] = batch.Counts;
            throw;
        }

        await batch.FlushAsync(cancellationToken);
        await report.SendAsync(batch.Counts, context.Response, cancellationToken);
    }

    /// <summary>Export movies</summary>
    /// <remarks>All movies as newline-delimited JSON, one per line, in the format of the import; streamed from one snapshot.</remarks>
    internal static async Task ExportAsync(
        HttpResponse response, MovieDbContext db, IOptions<JsonOptions> json, CancellationToken cancellationToken)
    {
        response.ContentType = Ndjson;
        response.Headers.CacheControl = "no-store";
        // A proxy such as nginx would otherwise read ahead of a slow client, and keep up to a gigabyte of it on disk.
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
