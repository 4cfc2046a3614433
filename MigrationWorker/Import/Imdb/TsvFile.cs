using MovieAspire.MigrationWorker.Import.Staging;

namespace MovieAspire.MigrationWorker.Import.Imdb;

/// <summary>A file of IMDb: tabs, no quotes, and <c>\N</c> for what is not known.</summary>
internal abstract class TsvFile : SourceFile
{
    public override byte Separator => (byte)'\t';

    public override bool HasQuotes => false;

    protected static bool IsKnown(ReadOnlySpan<byte> field) => !field.SequenceEqual(@"\N"u8);

    /// <summary>Whether it is a title's number, like <c>tt0111161</c>.</summary>
    protected static bool IsNumber(ReadOnlySpan<byte> tconst) =>
        tconst.StartsWith("tt"u8) && tconst.Length is > 2 and <= 15 && !tconst[2..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
}
