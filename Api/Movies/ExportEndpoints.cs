using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using MovieAspire.Api.Movies.Import;
using MovieAspire.Api.Movies.Writing;
using MovieAspire.Api.Sql;
using MovieAspire.Data;
using Npgsql;

namespace MovieAspire.Api.Movies;

/// <summary>The catalogue as a whole.</summary>
internal static class ExportEndpoints
{
    private const int FlushAfter = 32 * 1024;

    public static void MapMovieExport(this IEndpointRouteBuilder api) =>
        api.MapGet("/movies/export", ExportAsync).WithTags("Movies").WithName("exportMovies")
            .Produces<MovieRequest>(StatusCodes.Status200OK, ImportEndpoints.Ndjson)
            .DisableRequestTimeout();

    /// <summary>Export films</summary>
    /// <remarks>All films as newline-delimited JSON, a film a line, as the import takes them. One state of the catalogue, streamed.</remarks>
    internal static async Task ExportAsync(
        HttpResponse response, MovieDbContext db, IOptions<JsonOptions> json, CancellationToken cancellationToken)
    {
        response.ContentType = ImportEndpoints.Ndjson;
        response.Headers.CacheControl = "no-store";
        var statement = new SqlStatement().AppendText(
            $"""
            SELECT m.title, m.release_date, m.runtime_minutes, m.mpaa_rating, m.director, m.distributor,
                   m.budget, m.domestic_gross, m.worldwide_gross, m.imdb_rating, m.imdb_votes, {MovieSummary.GenreNames}
            FROM movies m ORDER BY m.id
            """);
        await foreach (var movie in db.StreamAsync(statement, Read, cancellationToken))
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

    private static MovieRequest Read(NpgsqlDataReader row) => new()
    {
        Title = row.GetString(0),
        ReleaseDate = row.GetFieldValue<DateOnly>(1),
        RuntimeMinutes = row.GetNullable<int>(2),
        MpaaRating = row.GetNullableString(3),
        Director = row.GetNullableString(4),
        Distributor = row.GetNullableString(5),
        Budget = row.GetNullable<long>(6),
        DomesticGross = row.GetNullable<long>(7),
        WorldwideGross = row.GetNullable<long>(8),
        ImdbRating = row.GetNullable<decimal>(9),
        ImdbVotes = row.GetNullable<int>(10),
        Genres = row.GetFieldValue<string[]>(11),
    };
}
