using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;
using MovieAspire.Data;
using MovieAspire.MigrationWorker.Cli;
using Npgsql;
using NpgsqlTypes;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>A file of a published data set, and how its rows are staged.</summary>
internal abstract class SourceFile
{
    /// <summary>What <see cref="Stage"/> gives for a row that the import skips on purpose.</summary>
    public const string Skipped = "";

    /// <summary>Its published name, without <c>.gz</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The names of its columns, which its first line holds.</summary>
    public abstract string[] Header { get; }

    public virtual byte Separator => (byte)',';

    public virtual bool HasQuotes => true;

    /// <summary>The staging table's name and columns, all of which <see cref="Stage"/> writes, the line first.</summary>
    public abstract (string Table, string Columns) Staging { get; }

    /// <summary>Writes a row to the staging table, unless it gives a reason why not.</summary>
    public abstract string? Stage(DelimitedReader row, NpgsqlBinaryImporter staging);

    /// <summary>The file in a folder, packed or not.</summary>
    /// <exception cref="UserErrorException">It is not there.</exception>
    public string Find(string folder) =>
        new[] { Name, Name + ".gz" }.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new UserErrorException(
                $"There is no {Name} or {Name}.gz in {folder}. Give the folder that holds the data set's files, unzipped.");

    /// <summary>Reads a whole number, to its last character.</summary>
    protected static bool TryInteger(ReadOnlySpan<byte> field, out int value) =>
        Utf8Parser.TryParse(field, out value, out var used) && used == field.Length;

    /// <summary>Gives a reason where the text is not fit to be a title.</summary>
    protected static string? CheckTitle(ReadOnlySpan<byte> title)
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

    /// <summary>Gives a reason where a movie cannot be of that year.</summary>
    protected static string? CheckYear(int year) =>
        year < Limits.MinReleaseDate.Year || year > Limits.MaxReleaseDate.Year
            ? $"the year {year} is not between {Limits.MinReleaseDate.Year} and {Limits.MaxReleaseDate.Year}"
            : null;

    /// <summary>Gives a reason where one of the genres cannot be stored.</summary>
    protected static string? CheckGenres(ReadOnlySpan<byte> genres, byte separator)
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

    protected static void WriteTextOrNull(NpgsqlBinaryImporter staging, bool isKnown, ReadOnlyMemory<byte> text)
    {
        if (isKnown)
        {
            staging.Write(text, NpgsqlDbType.Text);
        }
        else
        {
            staging.WriteNull();
        }
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
