using System.Globalization;
using System.Linq.Expressions;
using System.Text;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Http;
using MovieAspire.Data;

namespace MovieAspire.Api.Movies;

/// <summary>
/// Search by words, by prefixes and, where these find less than a page, in spite of misspellings: full text finds the first two, trigrams of
/// the title the last, both from GIN indexes. Titles and queries are compared in lower case and without accents.
/// </summary>
internal sealed class MovieSearch
{
    public const int MaxLength = 100;

    private static readonly Func<MovieDbContext, string, CancellationToken, Task<bool>> FillsPageAsync = EF.CompileAsyncQuery(
        (MovieDbContext db, string prefixes, CancellationToken _) => db.Movies
            .Where(movie => movie.SearchVector.Matches(EF.Functions.ToTsQuery("simple", prefixes)))
            .Skip(PageQuery.DefaultLimit - 1)
            .Any());

    private readonly List<string> _words;

    private SearchTerms _terms = new("", "", "", "");

    private bool _fillsPage;

    /// <exception cref="InvalidRequestException">The text holds no word.</exception>
    public MovieSearch(string text)
    {
        _words = Words(text);
        if (_words.Count == 0)
        {
            throw new InvalidRequestException("search", "The search must contain a letter or a digit.");
        }
    }

    /// <summary>
    /// Normalizes the words as the database does, and sets for this transaction what the search needs. The planner prices a trigram
    /// operator like a comparison of numbers and, with some samples, would compare all movies one by one. So sequential scans are off, and
    /// random pages are priced so that no other index is read as a whole. A plan for any search would compute the words' tsquery again for
    /// each movie. A single long word gets a lower threshold: two swapped letters spoil half of the trigrams of "matirx".
    /// </summary>
    public async Task PrepareAsync(MovieDbContext db, CancellationToken cancellationToken)
    {
        var threshold = _words is [{ Length: >= 5 }] ? "0.4" : "0.6";
        var terms = await db.Database.SqlQuery<SearchTerms>(
            $"""
            SELECT lower(immutable_unaccent({string.Join(' ', _words)})) AS "Spelling", immutable_unaccent({Matching("A")}) AS "TitleWords",
                   immutable_unaccent({Matching("*A")}) AS "TitlePrefixes", immutable_unaccent({Matching("*")}) AS "Prefixes",
                   set_config('enable_seqscan', 'off', true) || set_config('random_page_cost', '1.1', true)
                   || set_config('plan_cache_mode', 'force_custom_plan', true)
                   || set_config('pg_trgm.word_similarity_threshold', {threshold}, true) AS "Settings"
            """).ToListAsync(cancellationToken);
        _terms = terms[0];
        _fillsPage = await FillsPageAsync(db, _terms.Prefixes, cancellationToken);
    }

    /// <summary>Trigrams cost ten times as much as words, so they are asked only where words leave a page unfilled.</summary>
    public Expression<Func<MovieRow, bool>> Condition => _fillsPage
        ? row => row.Movie.SearchVector.Matches(EF.Functions.ToTsQuery("simple", _terms.Prefixes))
        : row =>
            row.Movie.SearchVector.Matches(EF.Functions.ToTsQuery("simple", _terms.Prefixes))
            || EF.Functions.TrigramsAreWordSimilar(_terms.Spelling, row.Movie.SortTitle)
            || EF.Functions.TrigramsAreSimilar(row.Movie.SortTitle, _terms.Spelling);

    /// <summary>
    /// Words of the title rank first, then prefixes, then words of the director, then similarity. A title that equals the query ranks highest,
    /// and among equals the movie with more ratings. The rank depends on the movie's own row and ratings only, so a cursor stays valid while
    /// others change. Similarity is computed last and only where it decides: it takes ten times as long as the rest.
    /// </summary>
    public SortKey<MovieRow> Relevance => new SortKey<MovieRow, double>(
        row =>
            (row.Movie.SearchVector.Matches(EF.Functions.ToTsQuery("simple", _terms.TitlePrefixes))
                ? (row.Movie.SearchVector.Matches(EF.Functions.ToTsQuery("simple", _terms.TitleWords)) ? 3.0 : 2.5)
                    + Math.Min(1.0, _terms.Length / Math.Max(1.0, row.Movie.SortTitle.Length))
                : row.Movie.SearchVector.Matches(EF.Functions.ToTsQuery("simple", _terms.Prefixes))
                    ? 2.0
                    : EF.Functions.TrigramsWordSimilarity(_terms.Spelling, row.Movie.SortTitle)
                        + EF.Functions.TrigramsSimilarity(_terms.Spelling, row.Movie.SortTitle))
            + (0.1 * Math.Log(1 + row.Stats.RatingCount)),
        row => row.Stats.MovieId);

    /// <summary>A tsquery that all words match: <c>*</c> as prefixes, <c>A</c> in the title only.</summary>
    private string Matching(string how) => string.Join(" & ", _words.Select(word => $"'{word}':{how}"));

    /// <summary>Runs of letters, marks and digits. Modifier letters are dropped: unaccent turns some of them into a quote.</summary>
    private static List<string> Words(string text)
    {
        var spaced = new StringBuilder(text.Length);
        foreach (var rune in text.Replace("ŉ", " n", StringComparison.Ordinal).EnumerateRunes())
        {
            var isPart = Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter
                or UnicodeCategory.TitlecaseLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber
                or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
            spaced.Append(isPart ? rune.ToString() : " ");
        }

        return [.. spaced.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries)];
    }
}

/// <summary>A search as PostgreSQL compares it: in lower case and without accents.</summary>
/// <param name="Spelling">The words as a text.</param>
/// <param name="TitleWords">A tsquery of the words in the title.</param>
/// <param name="TitlePrefixes">A tsquery of their prefixes in the title.</param>
/// <param name="Prefixes">A tsquery of their prefixes in title and director.</param>
internal sealed record SearchTerms(string Spelling, string TitleWords, string TitlePrefixes, string Prefixes)
{
    /// <summary>The length of <see cref="Spelling"/>.</summary>
    public double Length => Spelling.Length;
}
