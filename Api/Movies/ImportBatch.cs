using Microsoft.EntityFrameworkCore;
using MovieAspire.Data;
using Npgsql;

namespace MovieAspire.Api.Movies;

/// <summary>The results of the valid lines.</summary>
internal readonly record struct ImportCounts(long Created, long Updated, long Unchanged)
{
    public static ImportCounts operator +(ImportCounts a, ImportCounts b) =>
        new(a.Created + b.Created, a.Updated + b.Updated, a.Unchanged + b.Unchanged);
}

/// <summary>Movies that are written together: one transaction and three statements for any number of them.</summary>
/// <param name="db">Where they are written.</param>
/// <param name="report">Gets the lines that are rejected, in their order.</param>
internal sealed class ImportBatch(MovieDbContext db, ImportReportWriter report)
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

    /// <summary>Writes the rest.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await WriteAsync(_movies.Values.ToArray(), cancellationToken);
        foreach (var item in _rejected.OrderBy(item => item.Line))
        {
            await report.RejectAsync(item, cancellationToken);
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
            Counts += await db.WriteMoviesAsync(token => WriteAsync(movies, token), cancellationToken);
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
        return new(created.Count, updated, movies.Count - created.Count - updated);
    }

    private static string Details(string? table = null) => MovieJson.List(table, "title", "release_date");

    private sealed record WrittenMovie(long Id, bool IsNew);
}
