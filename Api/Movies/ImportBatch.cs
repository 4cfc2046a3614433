using Npgsql;

namespace MovieAspire.Api.Movies;

/// <summary>How many movies an import created, updated and left unchanged.</summary>
public readonly record struct ImportCounts(long Created, long Updated, long Unchanged, long Rejected)
{
    public static ImportCounts operator +(ImportCounts a, ImportCounts b) =>
        new(a.Created + b.Created, a.Updated + b.Updated, a.Unchanged + b.Unchanged, a.Rejected + b.Rejected);
}

/// <summary>Collects movies and writes them in one transaction.</summary>
/// <param name="target">Where they are written.</param>
/// <param name="report">Gets the rejected lines in order.</param>
/// <param name="rejectSameYear">Rejects a new movie where the catalog has its title with another day of the same year.</param>
internal sealed class ImportBatch(IImportTarget target, ImportReportWriter report, bool rejectSameYear)
{
    /// <summary>Small enough that a batch's JSON stays off the large object heap; larger batches gain little.</summary>
    private const int Size = 250;

    private readonly Dictionary<(string Title, DateOnly ReleaseDate), ImportItem> _movies = new(Size);

    private readonly List<ImportItem> _rejected = [];
    private bool _hasCounts;

    /// <summary>What has been committed so far.</summary>
    public ImportCounts Counts { get; private set; }

    /// <summary>
    /// Adds a line, and writes the batch when it is full. A movie that appears twice is written twice, in order: the last one wins.
    /// </summary>
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

    /// <summary>Writes the batch. Called at the end, too, so that even an empty import is recorded.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (rejectSameYear && _movies.Count > 0)
        {
            await RejectSameYearAsync(cancellationToken);
        }

        await WriteAsync(_movies.Values.ToArray(), cancellationToken);
        foreach (var item in _rejected.OrderBy(item => item.Line))
        {
            await report.RejectAsync(item, cancellationToken);
        }

        if (_rejected.Count > 0 || !_hasCounts)
        {
            Counts += new ImportCounts { Rejected = _rejected.Count };
            await target.RecordAsync(Counts, cancellationToken);
            _hasCounts = true;
        }

        _movies.Clear();
        _rejected.Clear();
    }

    private async Task RejectSameYearAsync(CancellationToken cancellationToken)
    {
        string[] titles = [.. _movies.Keys.Select(movie => movie.Title).Distinct()];
        var known = (await target.FindAsync(titles, cancellationToken)).ToLookup(movie => movie.Title, movie => movie.ReleaseDate);
        foreach (var (key, item) in _movies.ToArray())
        {
            var days = known[key.Title].Where(day => day.Year == key.ReleaseDate.Year).ToList();
            if (days.Count > 0 && !days.Contains(key.ReleaseDate))
            {
                _movies.Remove(key);
                _rejected.Add(new(item.Line, null, "releaseDate", $"The catalog has this title with another day of that year: {days[0]:yyyy-MM-dd}."));
            }
        }
    }

    /// <summary>Halves a batch that fails until it finds the movies that conflict with another movie's id.</summary>
    private async Task WriteAsync(ArraySegment<ImportItem> items, CancellationToken cancellationToken)
    {
        if (items.Count == 0)
        {
            return;
        }

        try
        {
            Counts = await target.WriteAsync([.. items.Select(item => item.Movie!)], Counts, cancellationToken);
            _hasCounts = true;
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
}
