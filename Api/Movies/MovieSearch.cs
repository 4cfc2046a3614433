using System.Globalization;
using System.Linq.Expressions;
using System.Text;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Api.Http;
using MovieAspire.Data;

namespace MovieAspire.Api.Movies;

/// <summary>
/// Searches by words, by prefixes and, if these find less than a page, by similarity, which finds misspelled titles. Full text serves the
/// first two, trigrams of the title the last, both from GIN indexes. Titles and queries are compared in lower case and without accents.
/// </summary>
/// <remarks>
/// The cost of a search is bounded: if very many movies match, only the most popular ones are ranked, which an index returns in order of
/// popularity.
/// </remarks>
internal sealed class MovieSearch
{
    public const int MaxLength = 100;

    /// <summary>
    /// The maximum number of matches that are ranked. If there are more, only the <see cref="MostFound"/> most popular are.
    /// </summary>
    public const int MostRanked = 5_000;

    /// <summary>How many movies a search for frequent words finds.</summary>
    public const int MostFound = 500;

    /// <summary>How many of the most popular movies are scanned for frequent words.</summary>
    private const int MostScanned = 4_000;

    private static readonly Func<MovieDbContext, string, CancellationToken, Task<int>> CountAsync = EF.CompileAsyncQuery(
        (MovieDbContext db, string prefixes, CancellationToken _) => db.Movies
            .Where(movie => movie.SearchVector.Matches(EF.Functions.ToTsQuery("simple", prefixes)))
            .Take(MostRanked + 1)
            .Count());

    private static readonly Func<MovieDbContext, string, IAsyncEnumerable<long>> MostPopular = EF.CompileAsyncQuery(
        (MovieDbContext db, string prefixes) => db.MovieStats
            .OrderByDescending(stats => stats.RatingCount).ThenByDescending(stats => stats.MovieId)
            .Take(MostScanned)
            .Where(stats => db.Movies.Any(movie => movie.Id == stats.MovieId
                && movie.SearchVector.Matches(EF.Functions.ToTsQuery("simple", prefixes))))
            .OrderByDescending(stats => stats.RatingCount).ThenByDescending(stats => stats.MovieId)
            .Take(MostFound)
            .Select(stats => stats.MovieId));

    private static readonly Func<MovieDbContext, string, IAsyncEnumerable<long>> AnyMatches = EF.CompileAsyncQuery(
        (MovieDbContext db, string prefixes) => db.Movies
            .Where(movie => movie.SearchVector.Matches(EF.Functions.ToTsQuery("simple", prefixes)))
            .Take(MostFound)
            .Select(movie => movie.Id));

    private static readonly Func<MovieDbContext, string, IAsyncEnumerable<long>> Titled = EF.CompileAsyncQuery(
        (MovieDbContext db, string title) => db.Movies.Where(movie => movie.SortTitle == title).Take(MostFound).Select(movie => movie.Id));

    private readonly string _text;

    private readonly List<string> _words;

    private SearchTerms _terms = new("", "", "", "", "");

    private int _matches;

    private long[]? _candidates;

    /// <exception cref="InvalidRequestException">The text is blank.</exception>
    public MovieSearch(string text)
    {
        _text = text.Trim();
        if (_text.Length == 0)
        {
            throw new InvalidRequestException("search", "The search must not be blank.");
        }

        _words = Words(_text);
    }

    /// <summary>
    /// Normalizes the words as the database does, and sets for this transaction what the search needs. The planner prices a trigram
    /// operator like a comparison of numbers and, with some samples, would compare all movies one by one. So sequential scans are off, and
    /// random pages are priced so that no other index is read as a whole. A plan for any search would compute the words' tsquery again for
    /// each movie. A single long word gets a lower threshold: two swapped letters spoil half of the trigrams of "matirx".
    /// </summary>
    /// <param name="db">The database, in a transaction.</param>
    /// <param name="isBounded">Whether frequent words find only the most popular movies. Set it only if there are no other filters.</param>
    /// <param name="cancellationToken">Cancels the preparation.</param>
    public async Task PrepareAsync(MovieDbContext db, bool isBounded, CancellationToken cancellationToken)
    {
        var threshold = _words is [{ Length: >= 5 }] ? "0.4" : "0.6";
        var terms = await db.Database.SqlQuery<SearchTerms>(
            $"""
            SELECT lower(immutable_unaccent({_text})) AS "Title",
                   lower(immutable_unaccent({string.Join(' ', _words)})) AS "Spelling", immutable_unaccent({Matching("A")}) AS "TitleWords",
                   immutable_unaccent({Matching("*A")}) AS "TitlePrefixes", immutable_unaccent({Matching("*")}) AS "Prefixes",
                   set_config('enable_seqscan', 'off', true) || set_config('random_page_cost', '1.1', true)
                   || set_config('plan_cache_mode', 'force_custom_plan', true)
                   || set_config('pg_trgm.word_similarity_threshold', {threshold}, true) AS "Settings"
            """).ToListAsync(cancellationToken);
        _terms = terms[0];
        _matches = _words.Count == 0 ? 0 : await CountAsync(db, _terms.Prefixes, cancellationToken);
        _candidates = isBounded && _matches > MostRanked ? await ReadCandidatesAsync(db, cancellationToken) : null;
    }

    /// <summary>Trigrams cost ten times as much as words, so they are used only if words do not fill a page.</summary>
    public Expression<Func<MovieRow, bool>> Condition => this switch
    {
        { _candidates: { } candidates } => row => candidates.Contains(row.Movie.Id),
        { _words: [] } => row => row.Movie.SortTitle == _terms.Title,
        { _matches: >= PageQuery.DefaultLimit } => row =>
            row.Movie.SearchVector.Matches(EF.Functions.ToTsQuery("simple", _terms.Prefixes)) || row.Movie.SortTitle == _terms.Title,
        { IsWithoutSpaces: true } => row =>
            row.Movie.SearchVector.Matches(EF.Functions.ToTsQuery("simple", _terms.Prefixes)) || row.Movie.SortTitle.Contains(_terms.Spelling),
        _ => row =>
            row.Movie.SearchVector.Matches(EF.Functions.ToTsQuery("simple", _terms.Prefixes)) || row.Movie.SortTitle == _terms.Title
            || EF.Functions.TrigramsAreWordSimilar(_terms.Spelling, row.Movie.SortTitle)
            || EF.Functions.TrigramsAreSimilar(row.Movie.SortTitle, _terms.Spelling),
    };

    /// <summary>
    /// A title that equals the query ranks first. Then come words of the title, then prefixes, then words of the director, then similarity,
    /// and among equals the movie with more ratings. The rank depends on the movie's own row and ratings only, so a cursor stays valid while
    /// others change. Similarity is computed last and only where it decides: it takes ten times as long as the rest.
    /// </summary>
    public SortKey<MovieRow> Relevance => new SortKey<MovieRow, double>(
        row =>
            (row.Movie.SortTitle == _terms.Title
                ? 10.0
                : row.Movie.SearchVector.Matches(EF.Functions.ToTsQuery("simple", _terms.TitlePrefixes))
                    ? (row.Movie.SearchVector.Matches(EF.Functions.ToTsQuery("simple", _terms.TitleWords)) ? 3.0 : 2.5)
                        + Math.Min(1.0, _terms.Length / Math.Max(1.0, row.Movie.SortTitle.Length))
                    : row.Movie.SearchVector.Matches(EF.Functions.ToTsQuery("simple", _terms.Prefixes))
                        ? 2.0
                        : EF.Functions.TrigramsWordSimilarity(_terms.Spelling, row.Movie.SortTitle)
                            + EF.Functions.TrigramsSimilarity(_terms.Spelling, row.Movie.SortTitle))
            + (0.1 * Math.Log(1 + row.Stats.RatingCount)),
        row => row.Stats.MovieId);

    /// <summary>
    /// Whether a part of a title need not be a word of its own, as in Chinese and Japanese. Three letters make a trigram, without which
    /// all titles would be read.
    /// </summary>
    private bool IsWithoutSpaces => _words is [{ Length: >= 3 } word]
        && word.All(letter => char.GetUnicodeCategory(letter) is UnicodeCategory.OtherLetter);

    /// <summary>The most popular matches and those with exactly this title; if few of the popular movies match, any matches.</summary>
    private async Task<long[]> ReadCandidatesAsync(MovieDbContext db, CancellationToken cancellationToken)
    {
        var candidates = await MostPopular(db, _terms.Prefixes).ToHashSetAsync(cancellationToken: cancellationToken);
        if (candidates.Count < PageQuery.MaxLimit)
        {
            candidates.UnionWith(await AnyMatches(db, _terms.Prefixes).ToListAsync(cancellationToken));
        }

        candidates.UnionWith(await Titled(db, _terms.Title).ToListAsync(cancellationToken));
        return [.. candidates];
    }

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
/// <param name="Title">The whole text, normalized like <see cref="Data.Entities.Movie.SortTitle"/>.</param>
/// <param name="Spelling">The words, separated by spaces.</param>
/// <param name="TitleWords">A tsquery of the words in the title.</param>
/// <param name="TitlePrefixes">A tsquery of their prefixes in the title.</param>
/// <param name="Prefixes">A tsquery of their prefixes in title and director.</param>
internal sealed record SearchTerms(string Title, string Spelling, string TitleWords, string TitlePrefixes, string Prefixes)
{
    /// <summary>The length of <see cref="Spelling"/>.</summary>
    public double Length => Spelling.Length;
}
