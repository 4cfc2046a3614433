using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MovieAspire.MigrationWorker.Import.Films;

/// <summary>Reads a film's title, and notes what had to be mended.</summary>
internal static partial class TitleRules
{
    private static readonly Encoding MacRoman = CodePage(10000);
    private static readonly Encoding Windows1252 = CodePage(1252);

    /// <summary>Null where there is no title.</summary>
    public static string? Read(JsonElement value, Action<string> correct)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            correct($"title {value.GetRawText()} is a number, read as text");
        }

        var title = value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? value.ToString() : "";
        if (string.IsNullOrWhiteSpace(title))
        {
            return null;
        }

        title = Mend(title, Spaces().Replace(title, " ").Trim(), "superfluous spaces removed", correct);
        title = Mend(title, Letters(title), "letters in a wrong encoding", correct);
        title = Mend(title, TrailingYear().Replace(title, ""), "year is no part of the title", correct);
        return Mend(title, TrailingArticle().Replace(title, "$2 $1"), "article moved to the front", correct);
    }

    private static string Mend(string before, string after, string why, Action<string> correct)
    {
        if (after != before)
        {
            correct($"title '{before}' read as '{after}': {why}");
        }

        return after;
    }

    /// <summary>
    /// Western European bytes that were taken for Macintosh ones: 'LÈon' stands for 'Léon'. A title with an accented small
    /// letter was read right, since those bytes mean other signs on a Macintosh.
    /// </summary>
    private static string Letters(string title)
    {
        if (title.All(char.IsAscii) || title.Any(c => c is >= 'à' and <= 'ÿ'))
        {
            return title;
        }

        try
        {
            // .NET's table knows the Macintosh's omega as the sign for ohm.
            return Windows1252.GetString(MacRoman.GetBytes(title.Replace('\u03A9', '\u2126')));
        }
        catch (EncoderFallbackException)
        {
            // Not from a Macintosh: 'Alien³' is what it is.
            return title;
        }
    }

    private static Encoding CodePage(int number) =>
        CodePagesEncodingProvider.Instance.GetEncoding(number, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@" \((18|19|20)\d\d\)$")]
    private static partial Regex TrailingYear();

    [GeneratedRegex("^(.+), (The|An?|Les?|La|Das|Der|Die|El|Il)$")]
    private static partial Regex TrailingArticle();
}
