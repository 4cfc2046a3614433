using System.Globalization;
using System.Text;
using MovieAspire.Api.Http;

namespace MovieAspire.Api.Movies;

/// <summary>
/// Search by words, by prefixes and in spite of misspellings: full text finds the first two, trigrams of the title
/// the last, both from GIN indexes. Titles and queries are compared in lower case and without accents.
/// </summary>
internal sealed class MovieSearch
{
    public const int MaxLength = 100;

    private readonly List<string> _words;

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
    /// The planner prices a trigram operator like a comparison of numbers and, with some samples, would compare all movies one by one.
    /// So sequential scans are off, and random pages are priced so that no other index is read as a whole.
    /// A single long word gets a lower threshold: two swapped letters spoil half of the trigrams of "matirx".
    /// </summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["enable_seqscan"] = "off",
        ["random_page_cost"] = "1.1",
        ["pg_trgm.word_similarity_threshold"] = _words is [{ Length: >= 5 }] ? "0.4" : "0.6",
    };

    public FormattableString Condition => $"{Holds("*")} OR m.sort_title %> {Spelling} OR m.sort_title % {Spelling}";

    /// <summary>
    /// Words of the title rank first, then prefixes, then words of the director, then similarity. A title that equals the query ranks highest,
    /// and among equals the movie with more ratings. The rank depends on the movie's own row and ratings only, so a cursor stays valid while
    /// others change. Similarity is computed last and only where it decides: it takes ten times as long as the rest.
    /// </summary>
    public Http.SortKey Relevance => new(
        $"""
        (CASE WHEN {Holds("A")} THEN 3 + {ShareOfTitle}
              WHEN {Holds("*A")} THEN 2.5 + {ShareOfTitle}
              WHEN {Holds("*")} THEN 2
              ELSE word_similarity({Spelling}, m.sort_title) + similarity({Spelling}, m.sort_title) END
         + 0.1 * ln(1 + s.rating_count))::double precision
        """,
        "double precision");

    private FormattableString Spelling => $"lower(immutable_unaccent({string.Join(' ', _words)}))";

    /// <summary>The query's share of the title, from 0 to 1.</summary>
    private FormattableString ShareOfTitle => $"least(1, length({Spelling}) / greatest(1.0, length(m.sort_title)))";

    /// <summary>All words match: <c>*</c> as prefixes, <c>A</c> in the title only.</summary>
    private FormattableString Holds(string how) =>
        $"m.search_vector @@ to_tsquery('simple', immutable_unaccent({string.Join(" & ", _words.Select(word => $"'{word}':{how}"))}))";

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
