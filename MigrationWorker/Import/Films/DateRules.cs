using System.Globalization;

namespace MovieAspire.MigrationWorker.Import.Films;

/// <summary>Reads release dates, and finds those of the wrong century.</summary>
internal static class DateRules
{
    /// <summary>The facts were published in 2010, when a film of the following year could be announced.</summary>
    private const int LastAnnouncedYear = 2011;

    /// <summary>More people than this do not vote on a film before it is out.</summary>
    private const int VotesOfAnAnnouncement = 1000;

    /// <summary>Null where it is no date.</summary>
    public static DateOnly? Read(string? text, int? votes, Action<string> correct)
    {
        if (!DateOnly.TryParseExact(text, "MMM dd yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return null;
        }

        var tooLate = date.Year > LastAnnouncedYear || (date.Year == LastAnnouncedYear && votes > VotesOfAnAnnouncement);
        if (!tooLate)
        {
            return date;
        }

        var mended = date.AddYears(-100);
        correct($"release date {date:O} read as {mended:O}: a year of two digits was taken for the wrong century");
        return mended;
    }
}
