using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Admin;
using MovieAspire.Data;
using MovieAspire.Data.Entities;
using Npgsql;

namespace MovieAspire.Api.Movies;

/// <summary>What became of the lines.</summary>
internal readonly record struct ImportCounts(long Created, long Updated, long Unchanged, long Rejected)
{
    public static ImportCounts operator +(ImportCounts a, ImportCounts b) =>
        new(a.Created + b.Created, a.Updated + b.Updated, a.Unchanged + b.Unchanged, a.Rejected + b.Rejected);
}

/// <summary>
/// Movies that are written together: one transaction and four statements for any number of them. The whole import is one entry of the audit
/// trail, whose counts grow with each transaction, so that it tells what an import did that broke off.
/// </summary>
/// <param name="db">Where they are written.</param>
/// <param name="audit">Where the import is recorded.</param>
/// <param name="report">Gets the lines that are rejected, in their order.</param>
internal sealed class ImportBatch(MovieDbContext db, AuditTrail audit, ImportReportWriter report)
{
    /// <summary>Small enough that their JSON stays off the large object heap; larger batches gain little.</summary>
    private const int Size = 250;

    /// <summary>In the order of the key, so that two imports cannot deadlock. xmax is 0 for an inserted row only.</summary>
    private static readonly string Upsert =
        $"""
        INSERT INTO movies ({MovieJson.List()}) SELECT * FROM {MovieJson.Rows} ORDER BY title, release_date
        ON CONFLICT (title, release_date) DO UPDATE SET ({Details()}) = ({Details("excluded")})
        WHERE ({Details("movies")}) IS DISTINCT FROM ({Details("excluded")}) RETURNING id AS "Id", xmax = 0 AS "IsNew"
        """;

    private readonly Dictionary<(string Title, DateOnly ReleaseDate), ImportItem> _movies = new(Size);

    private readonly List<ImportItem> _rejected = [];
    private long? _auditEntry;

    /// <summary>What has been committed so far.</summary>
    public ImportCounts Counts { get; private set; }

    /// <summary>Adds a line, and writes the batch when it is full. A movie that comes twice is written twice, in order: the last one wins.</summary>
    public async Task AddAsync(ImportItem item, CancellationToken cancellationToken)
    {
        if (item.Movie is not { } movie)
        {
            _rejected.Add(item);
        }
        else if (!_movies.TryAdd((movie.Title, movie.ReleaseDate), item))
        {
            await FlushAsync(cancellationToken);
            _movies.Add((movie.Title, movie.ReleaseDate), item);
        }

        if (_movies.Count == Size || _rejected.Count == Size)
        {
            await FlushAsync(cancellationToken);
        }
    }

    /// <summary>Writes what was added. An import ends with it, so that even one without a line is recorded.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await WriteAsync(_movies.Values.ToArray(), cancellationToken);
        foreach (var item in _rejected.OrderBy(item => item.Line))
        {
            await report.RejectAsync(item, cancellationToken);
        }

        if (_rejected.Count > 0 || _auditEntry is null)
        {
            Counts += new ImportCounts { Rejected = _rejected.Count };
            _auditEntry = await RecordAsync(Counts, cancellationToken);
        }

        _movies.Clear();
        _rejected.Clear();
    }

    /// <summary>Halves what fails together, until only the movies that have another one's id are left over.</summary>
    private async Task WriteAsync(ArraySegment<ImportItem> items, CancellationToken cancellationToken)
    {
        if (items.Count == 0)
        {
            return;
        }

        try
        {
            var movies = items.Select(item => item.Movie!).ToList();
            (Counts, _auditEntry) = await db.WriteMoviesAsync(
                async token =>
                {
                    var counts = Counts + await WriteAsync(movies, token);
                    return (counts, await RecordAsync(counts, token));
                },
                cancellationToken);
        }
        catch (PostgresException exception) when (MovieConflict.Find(exception) is { } conflict)
        {
            if (items.Count == 1)
            {
                _rejected.Add(new(items[0].Line, null, conflict.Field, conflict.Reason));
                return;
            }

            await WriteAsync(items[..(items.Count / 2)], cancellationToken);
            await WriteAsync(items[(items.Count / 2)..], cancellationToken);
        }
    }

    private async Task<ImportCounts> WriteAsync(List<MovieRequest> movies, CancellationToken cancellationToken)
    {
        var written = await db.Database.SqlQueryRaw<WrittenMovie>(Upsert, MovieJson.Serialize(movies)).ToListAsync(cancellationToken);
        var created = written.Where(movie => movie.IsNew).Select(movie => movie.Id).ToHashSet();
        var updated = written.Where(movie => !movie.IsNew).Select(movie => movie.Id)
            .Union(await db.SetGenresAsync(movies, cancellationToken))
            .Count(id => !created.Contains(id));
        return new(created.Count, updated, movies.Count - created.Count - updated, 0);
    }

    private async Task<long> RecordAsync(ImportCounts counts, CancellationToken cancellationToken)
    {
        if (_auditEntry is not { } entry)
        {
            return await audit.RecordAsync("movies.imported", "movie", AuditEntry.NoSubject, null, counts, cancellationToken);
        }

        await audit.UpdateAsync(entry, counts, cancellationToken);
        return entry;
    }

    private static string Details(string? table = null) => MovieJson.List(table, "title", "release_date");

    private sealed record WrittenMovie(long Id, bool IsNew);
}
