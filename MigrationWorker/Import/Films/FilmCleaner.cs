using MovieAspire.Data;
using MovieAspire.MigrationWorker.Seeding;

namespace MovieAspire.MigrationWorker.Import.Films;

/// <summary>Turns rows of the published film facts into films that the database takes, and notes each reject and correction.</summary>
internal sealed class FilmCleaner(Action<Finding> report)
{
    private readonly HashSet<(string, DateOnly)> _seen = [];

    /// <summary>Null where the row was rejected.</summary>
    public Film? Clean(FilmRow row, int number)
    {
        var name = row.Title.ValueKind is System.Text.Json.JsonValueKind.Undefined or System.Text.Json.JsonValueKind.Null ? "(no title)" : row.Title.ToString();
        void Correct(string reason) => report(new Finding(number, name, Rejected: false, reason));
        Film? Reject(string reason)
        {
            report(new Finding(number, name, Rejected: true, reason));
            return null;
        }

        if (TitleRules.Read(row.Title, Correct) is not { } title)
        {
            return Reject("there is no title");
        }

        if (title.Length > Limits.MovieTitle)
        {
            return Reject($"the title is longer than {Limits.MovieTitle} characters");
        }

        if (DateRules.Read(row.ReleaseDate, row.ImdbVotes, Correct) is not { } date)
        {
            return Reject($"the release date '{row.ReleaseDate}' is not like 'Jun 12 1998'");
        }

        if (date < Limits.MinReleaseDate || date > Limits.MaxReleaseDate)
        {
            return Reject($"the release date {date:O} is out of range");
        }

        if (!_seen.Add((title, date)))
        {
            return Reject($"the film of {date:O} is there already");
        }

        return new Film
        {
            Title = title,
            ReleaseDate = date,
            RuntimeMinutes = Known("running time", row.RuntimeMinutes, row.RuntimeMinutes is >= Limits.MinRuntime and <= Limits.MaxRuntime, Correct),
            MpaaRating = row.MpaaRating is null || Limits.MpaaRatings.Contains(row.MpaaRating) ? row.MpaaRating : Dropped("MPAA rating", row.MpaaRating, Correct),
            Director = Name("director", row.Director, Limits.PersonName, Correct),
            Distributor = Name("distributor", row.Distributor, Limits.CompanyName, Correct),
            Budget = Known("budget", row.Budget, row.Budget > 0, Correct),
            DomesticGross = Known("US gross", row.DomesticGross, row.DomesticGross > 0, Correct),
            WorldwideGross = Known("worldwide gross", row.WorldwideGross, row.WorldwideGross > 0, Correct),
            ImdbRating = Known("IMDb rating", row.ImdbRating, row.ImdbRating is >= Limits.MinRating and <= Limits.MaxRating, Correct),
            ImdbVotes = Known("IMDb votes", row.ImdbVotes, row.ImdbVotes > 0, Correct),
            Genres = GenreRules.Read(row.Genre, row.CreativeType, Correct),
        };
    }

    private static T? Known<T>(string what, T? value, bool makesSense, Action<string> correct)
        where T : struct
    {
        if (value is null || makesSense)
        {
            return value;
        }

        correct($"{what} {value} taken for not known");
        return null;
    }

    private static string? Name(string what, string? value, int limit, Action<string> correct) =>
        string.IsNullOrWhiteSpace(value) ? null : value.Trim().Length <= limit ? value.Trim() : Dropped(what, value, correct);

    private static string? Dropped(string what, string value, Action<string> correct)
    {
        correct($"{what} '{value}' taken for not known");
        return null;
    }
}
