using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using MovieAspire.Api.Database;
using MovieAspire.Api.Http;
using MovieAspire.Data;
using MovieAspire.Data.Entities;

namespace MovieAspire.Api.Movies;

/// <summary>The changes of the catalog, for clients that keep a copy of it.</summary>
internal static class MovieChangeEndpoints
{
    /// <summary>Binds the tokens to this list, in addition to the database.</summary>
    private const string Scope = "changes";

    public static void MapMovieChanges(this IEndpointRouteBuilder api) =>
        api.MapGet("/movies/changes", ListAsync).WithTags("Movies").WithName("listMovieChanges").WithPublicCaching()
            .ProducesProblem(StatusCodes.Status410Gone);

    /// <summary>List changed movies</summary>
    /// <remarks>
    /// The movies that were created, updated or deleted since an earlier response, each once and as it is now, in the order of their last
    /// changes. Without since these are all movies. Ratings and reviews do not count. Nothing is left out, whoever writes at the same time.
    /// 410 when since is of another database, such as one before a backup was restored: then start over without it.
    /// </remarks>
    internal static async Task<Results<Ok<MovieChanges>, ProblemHttpResult>> ListAsync(
        [AsParameters] MovieChangesQuery query, MovieDbContext db, CancellationToken cancellationToken)
    {
        var after = query.Since is null ? null : Cursor.Decode(query.Since, Scope, "since");

        // Read before the rows, in a statement of its own, so that the next statement sees every change up to this number.
        var log = await ReadLogAsync(db, cancellationToken);
        if (after is not null && (after.Text != log.Database || after.Id > log.Last))
        {
            return ApiProblem.Create(
                StatusCodes.Status410Gone,
                ProblemCodes.FullSyncRequired,
                "The database has been replaced since. Discard your copy and start over without since.");
        }

        var since = after?.Id ?? 0;
        var limit = query.Limit ?? MovieChangesQuery.DefaultLimit;
        var items = await Changes(db, since, log.Settled).Take(limit + 1).ToItems(db, since).ToListAsync(cancellationToken);
        var hasMore = items.Count > limit;
        if (hasMore)
        {
            items.RemoveAt(limit);
        }

        var position = hasMore ? items[^1].Number : Math.Max(since, log.Settled);
        return TypedResults.Ok(
            new MovieChanges { Items = items, Since = new Cursor(log.Database, position).Encode(Scope), HasMore = hasMore });
    }

    /// <summary>
    /// Identifies the database by its cluster, its OID and the cluster's timeline, because after a failover or a point-in-time recovery,
    /// changes that clients have already seen may be lost. SQL: these are functions of the server.
    /// </summary>
    private static async Task<MovieChangeLog> ReadLogAsync(MovieDbContext db, CancellationToken cancellationToken)
    {
        var logs = await db.Database.SqlQuery<MovieChangeLog>(
            $"""
            SELECT settled_movie_changes() AS "Settled", last_movie_change() AS "Last",
                concat_ws('/', (SELECT system_identifier FROM pg_control_system()),
                    (SELECT oid FROM pg_database WHERE datname = current_database()),
                    left(pg_walfile_name(pg_current_wal_lsn()), 8)) AS "Database"
            """).ToListAsync(cancellationToken);
        return logs[0];
    }

    internal static IQueryable<MovieChange> Changes(MovieDbContext db, long since, long settled) =>
        db.MovieChanges.Where(change => change.Number > since && change.Number <= settled).OrderBy(change => change.Number);

    internal static IQueryable<ChangedMovie> ToItems(this IQueryable<MovieChange> changes, MovieDbContext db, long since)
    {
        var movies = db.MovieRows();
        var rows =
            from change in changes
            from row in movies.Where(row => row.Movie.Id == change.MovieId).DefaultIfEmpty()
            orderby change.Number
            select new MovieChangeRow { Change = change, Row = row };
        return rows.Select(ChangedMovie.FromRow(since));
    }
}

/// <summary>The query parameters of the changes.</summary>
public sealed record MovieChangesQuery
{
    public const int DefaultLimit = 100;
    private const int MaxLimit = 1000;

    [FromQuery(Name = "since")]
    [Description("The since of an earlier response.")]
    public string? Since { get; init; }

    [FromQuery(Name = "limit")]
    [Range(1, MaxLimit)]
    [DefaultValue(DefaultLimit)]
    [Description("The maximum number of items.")]
    public int? Limit { get; init; }
}

/// <summary>Movies that have changed.</summary>
public sealed record MovieChanges
{
    /// <summary>Ordered by their last change.</summary>
    public required IReadOnlyList<ChangedMovie> Items { get; init; }

    /// <summary>Pass it as <c>since</c> to continue from here, now or later.</summary>
    public required string Since { get; init; }

    /// <summary>Whether more changes are available now.</summary>
    public required bool HasMore { get; init; }
}

/// <summary>The last change of a movie.</summary>
public sealed record ChangedMovie
{
    public const string Created = "created";
    public const string Updated = "updated";
    public const string Deleted = "deleted";

    public required long Id { get; init; }

    /// <summary>
    /// What has happened since; <c>created</c> also if the movie was updated after that. While a copy catches up over several responses, a
    /// movie can be <c>updated</c> before the copy has it, or <c>deleted</c> although it never had it.
    /// </summary>
    [AllowedValues(Created, Updated, Deleted)]
    public required string Change { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>The current movie, in the format of the export; absent if it was deleted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MovieRequest? Movie { get; init; }

    internal long Number { get; init; }

    /// <summary>A movie without a row counts as deleted, whatever deleted it.</summary>
    internal static Expression<Func<MovieChangeRow, ChangedMovie>> FromRow(long since)
    {
        Expression<Func<MovieChangeRow, MovieRequest, ChangedMovie>> item = (row, movie) => new()
        {
            Id = row.Change.MovieId,
            Change = row.Row.Movie == null ? Deleted : row.Change.CreatedNumber > since ? Created : Updated,
            ChangedAt = row.Change.ChangedAt,
            Movie = row.Row.Movie == null ? null : movie,
            Number = row.Change.Number,
        };
        var movieOf = MovieRequest.FromRow.ApplyTo((MovieChangeRow row) => row.Row);
        return Expression.Lambda<Func<MovieChangeRow, ChangedMovie>>(
            new ReplacingExpressionVisitor(item.Parameters, [movieOf.Parameters[0], movieOf.Body]).Visit(item.Body), movieOf.Parameters);
    }
}

/// <summary>The settled and the last change of a database.</summary>
internal sealed record MovieChangeLog(string Database, long Settled, long Last);

internal sealed class MovieChangeRow
{
    public required MovieChange Change { get; init; }

    public required MovieRow Row { get; init; }
}
