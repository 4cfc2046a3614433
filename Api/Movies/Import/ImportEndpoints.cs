using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using MovieAspire.Api.Accounts;
using MovieAspire.Api.Movies.Writing;
using MovieAspire.Api.Protocol.Idempotency;
using MovieAspire.Api.Protocol.RequestLimits;
using MovieAspire.Data;

namespace MovieAspire.Api.Movies.Import;

/// <summary>Many films at once.</summary>
internal static class ImportEndpoints
{
    public const string Ndjson = "application/x-ndjson";
    private const long MaxBytes = 4L * 1024 * 1024 * 1024;

    public static void MapMovieImport(this IEndpointRouteBuilder api) =>
        api.MapPost("/movies/import", ImportAsync).WithTags("Movies").WithName("importMovies").WithIdempotency()
            .RequireAuthorization(Policies.Admin)
            .Accepts<MovieRequest>(Ndjson, "application/json")
            .Produces<ImportReport>()
            .WithMetadata(new RequestSizeLimit(MaxBytes))
            .DisableRequestTimeout();

    /// <summary>Import films</summary>
    /// <remarks>
    /// Newline-delimited JSON, a film a line, or a JSON array of films. Films are found by title and release date: new ones are added, others
    /// replaced. Lines that hold no film are reported with number, field and reason, and the others are imported all the same. Films are committed a
    /// few hundred at a time, so after a broken connection the same import can be sent again.
    /// </remarks>
    internal static async Task ImportAsync(
        HttpContext context, MovieDbContext db, IOptions<JsonOptions> json, CancellationToken cancellationToken)
    {
        var reader = new ImportReader(json.Value.SerializerOptions);
        var batch = new ImportBatch(db);
        await using var report = new ImportReportWriter();
        var items = context.Request.HasJsonContentType()
            ? reader.ReadArrayAsync(context.Request, cancellationToken)
            : reader.ReadLinesAsync(context.Request, cancellationToken);
        await foreach (var item in items)
        {
            await (item.Movie is { } movie ? batch.AddAsync(movie, cancellationToken) : report.RejectAsync(item, cancellationToken));
        }

        await batch.FlushAsync(cancellationToken);
        await report.SendAsync(batch.Counts, context.Response, cancellationToken);
    }
}
