using System.Globalization;
using MovieAspire.Data;
using MovieAspire.MigrationWorker.Bulk;
using Npgsql;
using NpgsqlTypes;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>A movie of a source file, to be written to <see cref="StagingArea.Movies"/>.</summary>
/// <param name="Key">Its number in the source, by which other files reference it.</param>
/// <param name="Title">As written.</param>
/// <param name="Year">Year of its release.</param>
internal sealed record MovieRow(int Key, string Title, int Year)
{
    /// <summary>The day, if the source has more than the year. 1 January stands for a year.</summary>
    public DateOnly? Day { get; init; }

    public int? Runtime { get; init; }

    public string[] Genres { get; init; } = [];

    public string? Director { get; init; }

    public string? MpaaRating { get; init; }

    public long? Budget { get; init; }

    public long? WorldwideGross { get; init; }

    /// <summary>As IMDb writes it, <c>tt0111161</c>.</summary>
    public string? ImdbId { get; init; }

    public int? TmdbId { get; init; }

    /// <summary>The file owner's rating, 1 to 10.</summary>
    public short? Rating { get; init; }

    public DateTime? RatedAt { get; init; }

    /// <summary>Writes the row, or returns the reason why it cannot be stored.</summary>
    public string? Stage(long line, NpgsqlBinaryImporter staging)
    {
        // Its length is checked later, when PostgreSQL has composed it.
        var title = PlainText.NormalizeLine(Title);
        if (!PlainText.IsVisible(title))
        {
            return "the title is empty";
        }

        if (PlainText.FindRefused(title) is { } refused)
        {
            return string.Create(CultureInfo.InvariantCulture, $"the title has a control or format character (U+{refused.Value:X4})");
        }

        if (title.Contains('\uFFFD', StringComparison.Ordinal))
        {
            return "the title is not valid UTF-8";
        }

        if (Year < Limits.MinReleaseDate.Year || Year > Limits.MaxReleaseDate.Year)
        {
            return $"the year {Year} is not between {Limits.MinReleaseDate.Year} and {Limits.MaxReleaseDate.Year}";
        }

        staging.StartRow();
        staging.Write(line, NpgsqlDbType.Bigint);
        staging.Write(Key, NpgsqlDbType.Integer);
        staging.Write(title, NpgsqlDbType.Text);
        staging.Write(Year, NpgsqlDbType.Integer);
        staging.WriteOrNull(Day is { Month: 1, Day: 1 } ? null : Day, NpgsqlDbType.Date);
        staging.WriteOrNull(Runtime, NpgsqlDbType.Integer);
        staging.Write(Genres, NpgsqlDbType.Array | NpgsqlDbType.Text);
        staging.WriteOrNull(Director, NpgsqlDbType.Text);
        staging.WriteOrNull(MpaaRating, NpgsqlDbType.Text);
        staging.WriteOrNull(Budget, NpgsqlDbType.Bigint);
        staging.WriteOrNull(WorldwideGross, NpgsqlDbType.Bigint);
        staging.WriteOrNull(Rating, NpgsqlDbType.Smallint);
        staging.WriteOrNull(RatedAt, NpgsqlDbType.TimestampTz);
        staging.WriteOrNull(ImdbId, NpgsqlDbType.Text);
        staging.WriteOrNull(TmdbId, NpgsqlDbType.Integer);
        return null;
    }
}
