using System.Collections;
using MovieAspire.Admin.Movies;

namespace MovieAspire.Admin.Import;

/// <summary>What an import did, or would do: the API's report, in the site's words where the site could not read a line.</summary>
internal sealed record ImportOutcome
{
    public RejectedLines Rejections { get; init; } = [];

    public long Created { get; init; }

    public long Updated { get; init; }

    public long Unchanged { get; init; }

    /// <summary>Of a trial; null of an import.</summary>
    public ImportPreview? Preview { get; init; }
}

/// <summary>The first movies that an import would write.</summary>
/// <param name="Created">Those that are new, by title and release date.</param>
/// <param name="Updated">Those that would change.</param>
internal sealed record ImportPreview(IReadOnlyList<MovieForm> Created, IReadOnlyList<ChangedMovie> Updated);

/// <summary>A movie that an import would change.</summary>
/// <param name="Title">Its title.</param>
/// <param name="ReleaseDate">As <c>yyyy-MM-dd</c>.</param>
/// <param name="Before">The fields that change, as they are.</param>
/// <param name="After">As they would be.</param>
internal sealed record ChangedMovie(string Title, string ReleaseDate, MovieForm Before, MovieForm After)
{
    /// <summary>The fields that change.</summary>
    public IEnumerable<MovieField> Fields => MovieField.All.Where(entry => !entry.IsSame(Before, After));
}

/// <summary>A movie of the file that is not imported.</summary>
/// <param name="Line">Counted from 1; in a JSON array, the number of the element.</param>
/// <param name="Field">As the API names it; <c>$</c> is all of it.</param>
/// <param name="Reason">In words for the user.</param>
internal sealed record RejectedLine(long Line, string Field, string Reason);

/// <summary>
/// Rejected lines as they are read from a report of any length: the first are kept whole, then numbers only, and at last they are counted.
/// </summary>
internal sealed class RejectedLines : ICollection<RejectedLine>
{
    public const int MostShown = 100;
    public const int MostKept = 100_000;

    private readonly List<RejectedLine> _shown = [];
    private readonly HashSet<long> _lines = [];

    public int Count { get; private set; }

    /// <summary>Some of the first.</summary>
    public IEnumerable<RejectedLine> Shown => _shown;

    /// <summary>For the file to correct.</summary>
    public IReadOnlySet<long> Lines => _lines;

    bool ICollection<RejectedLine>.IsReadOnly => false;

    public void Add(RejectedLine item)
    {
        Count++;
        if (_shown.Count < MostShown)
        {
            _shown.Add(item);
        }

        if (_lines.Count < MostKept)
        {
            _lines.Add(item.Line);
        }
    }

    /// <summary>Takes the reasons of others of the same lines.</summary>
    public void Explain(RejectedLines others)
    {
        var reasons = others._shown.ToDictionary(line => line.Line);
        for (var i = 0; i < _shown.Count; i++)
        {
            _shown[i] = reasons.GetValueOrDefault(_shown[i].Line, _shown[i]);
        }
    }

    public IEnumerator<RejectedLine> GetEnumerator() => Shown.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    void ICollection<RejectedLine>.Clear() => throw new NotSupportedException();

    bool ICollection<RejectedLine>.Contains(RejectedLine item) => throw new NotSupportedException();

    void ICollection<RejectedLine>.CopyTo(RejectedLine[] array, int arrayIndex) => throw new NotSupportedException();

    bool ICollection<RejectedLine>.Remove(RejectedLine item) => throw new NotSupportedException();
}
