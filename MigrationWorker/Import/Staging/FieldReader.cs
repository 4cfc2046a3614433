using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;
using MovieAspire.Data;

namespace MovieAspire.MigrationWorker.Import.Staging;

/// <summary>Values of fields that several data sets have.</summary>
internal static class FieldReader
{
    /// <summary>Reads a whole number, to its last character.</summary>
    public static bool TryInteger(ReadOnlySpan<byte> field, out int value) =>
        Utf8Parser.TryParse(field, out value, out var used) && used == field.Length;

    /// <summary>Gives a reason where the text is not fit to be a title.</summary>
    public static string? CheckTitle(ReadOnlySpan<byte> title)
    {
        if (!IsText(title))
        {
            return "the title is not valid UTF-8";
        }

        if (title.TrimStart(" \t"u8).IsEmpty)
        {
            return "the title is empty";
        }

        var characters = Characters(title);
        return characters > Limits.MovieTitle ? $"the title has {characters} characters, {Limits.MovieTitle} are allowed" : null;
    }

    /// <summary>Gives a reason where a film cannot be of that year.</summary>
    public static string? CheckYear(int year) =>
        year < Limits.MinReleaseDate.Year || year > Limits.MaxReleaseDate.Year
            ? $"the year {year} is not between {Limits.MinReleaseDate.Year} and {Limits.MaxReleaseDate.Year}"
            : null;

    /// <summary>Gives a reason where one of the genres cannot be stored.</summary>
    public static string? CheckGenres(ReadOnlySpan<byte> genres, byte separator)
    {
        if (!IsText(genres))
        {
            return "the genres are not valid UTF-8";
        }

        foreach (var range in genres.Split(separator))
        {
            if (genres[range].Trim(" "u8).IsEmpty || Characters(genres[range]) > Limits.GenreName)
            {
                return $"the genre '{Encoding.UTF8.GetString(genres[range])}' is empty or longer than {Limits.GenreName} characters";
            }
        }

        return null;
    }

    private static bool IsText(ReadOnlySpan<byte> field) => Utf8.IsValid(field) && !field.Contains((byte)0);

    // As PostgreSQL counts: all bytes but those that go on with a character.
    private static int Characters(ReadOnlySpan<byte> utf8)
    {
        var count = 0;
        foreach (var code in utf8)
        {
            count += (code & 0xC0) == 0x80 ? 0 : 1;
        }

        return count;
    }
}
