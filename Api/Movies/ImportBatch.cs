using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Database;
using MovieAspire.Data;
using Batch = System.Collections.Generic.Dictionary<(string Title, System.DateOnly ReleaseDate), MovieAspire.Api.Movies.MovieRequest>.ValueCollection;

namespace MovieAspire.Api.Movies;

/// <summary>The results of the valid lines.</summary>
internal readonly record struct ImportCounts(long Created, long Updated, long Unchanged)
{
    public static ImportCounts operator +(ImportCounts a, ImportCounts b) =>
        new(a.Created + b.Created, a.Updated + b.Updated, a.Unchanged + b.Unchanged);
}

/// <summary>Movies that are written together: one transaction and three statements for any number of them.</summary>
internal sealed class ImportBatch(MovieDbContext db)
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

    private readonly Dictionary<(string Title, DateOnly ReleaseDate), MovieRequest> _movies = new(Size);

    /// <summary>What has been committed so far.</summary>
    public ImportCounts Counts { get; private set; }

    /// <summary>Adds a movie, and writes the batch when it is full. A movie that comes twice is written twice, in order: the last one wins.</summary>
    public async Task AddAsync(MovieRequest movie, CancellationToken cancellationToken)
    {
        if (!_movies.TryAdd((movie.Title, movie.ReleaseDate), movie))
        {
            await FlushAsync(cancellationToken);
            _movies.Add((movie.Title, movie.ReleaseDate), movie);
        }
        else if (_movies.Count == Size)
        {
            await FlushAsync(cancellationToken);
        }
    }

    /// <summary>Writes the rest.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_movies.Count > 0)
        {
            Counts += await db.InTransactionAsync(token => WriteAsync(_movies.Values, token), cancellationToken);
            _movies.Clear();
        }
    }

    private async Task<ImportCounts> WriteAsync(Batch movies, CancellationToken cancellationToken)
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
