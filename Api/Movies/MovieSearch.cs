using System.Globalization;
using System.Text;
using MovieAspire.Api.Protocol.Problems;

namespace MovieAspire.Api.Movies;

/// <summary>
/// Search by words, by their beginnings and in spite of misspellings: full text finds the first two, trigrams of the title
/// the last, both from GIN indexes. Titles and queries are compared in lower case and without accents.
/// </summary>
internal sealed class MovieSearch
{
    public const int MaxLength = 100;

    private readonly string _words;
    private readonly string _prefixQuery;

    /// <exception cref="InvalidRequestException">The text holds no word.</exception>
    public MovieSearch(string text)
    {
        var words = Words(text);
        if (words.Count == 0)
        {
            throw new InvalidRequestException("search", "The search must contain a letter or a digit.");
        }

        _words = string.Join(' ', words);
        _prefixQuery = string.Join(" & ", words.Select(word => $"'{word}':*"));
    }

    public FormattableString Condition => $"{ByWord} OR m.sort_title %> {Spelling} OR m.sort_title % {Spelling}";

    /// <summary>
    /// Whole and partial words count more than likeness, a title that is the query most of all; among equals the film that more people rated leads.
    /// Depends on the film's own row and votes only, so a cursor into it stays put while others change.
    /// </summary>
    public Protocol.Paging.SortKey Relevance => new(
        $"""
        (CASE WHEN {ByWord} THEN 2 ELSE 0 END + word_similarity({Spelling}, m.sort_title) + similarity({Spelling}, m.sort_title)
         + 0.1 * ln(1 + s.rating_count))::double precision
        """,
        "double precision");

    private FormattableString ByWord => $"m.search_vector @@ to_tsquery('simple', immutable_unaccent({_prefixQuery}))";

    private FormattableString Spelling => $"lower(immutable_unaccent({_words}))";

    /// <summary>Runs of letters, marks and digits. Modifier letters go, since some of them lose their accents to a quote.</summary>
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
