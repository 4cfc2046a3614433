using System.Globalization;
using System.Text.RegularExpressions;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>A title as MovieLens writes it, <c>Shawshank Redemption, The (1994)</c>. The admin site reads it, too.</summary>
internal static partial class MovieLensTitle
{
    /// <summary>Returns the title in natural word order, and its year; false if it does not end in a year in parentheses.</summary>
    public static bool TryRead(string written, out string title, out int year)
    {
        var match = TitleAndYear().Match(written);
        title = TrailingArticle().Replace(match.Groups["title"].Value, found =>
            $"{found.Groups["aka"]}{found.Groups["article"]}{(found.Value[^1] is '\'' or '’' ? "" : " ")}{found.Groups["rest"]}");
        year = match.Success ? int.Parse(match.Groups["year"].ValueSpan, CultureInfo.InvariantCulture) : 0;
        return match.Success;
    }

    // A series has the years of its first and last part. One title of the data sets of 20 and 25 million ratings ends in two parentheses.
    [GeneratedRegex(
        @"^\s*(?<title>\S.*?)\s*\((?<year>[0-9]{4})(?:\s*[-–]\s*(?:[0-9]{4})?)?\)\)?\s*$",
        RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex TitleAndYear();

    // "Shawshank Redemption, The", "Crow, The: Wicked Prayer", "Boot, Das (Boat, The)" and "Vie en rose, La [Môme, La]".
    [GeneratedRegex(
        @"(?<=^|[(\[])(?<aka>a\.?k\.?a\.? )?(?<rest>[^()\[\]]+?), "
        + @"(?<article>The|An?|Das|De[rnmt]?|Die|Eine?|Le|Las?|Les|L['’]|Une?|El|Los|Il?|Lo|Gli|Un[oa]|Het|En|Ett?|Os?|As|Uma?)"
        + @"(?=$|[)\]]|:| [(\[]| -)",
        RegexOptions.CultureInvariant)]
    private static partial Regex TrailingArticle();
}
