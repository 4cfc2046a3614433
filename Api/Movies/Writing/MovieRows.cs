using System.Text.Json;

namespace MovieAspire.Api.Movies.Writing;

/// <summary>
/// Films as rows of a statement: any number of them travel as one JSON parameter, which PostgreSQL reads as a table, so that
/// writing one film and importing a thousand is the same SQL.
/// </summary>
internal static class MovieRows
{
    /// <summary>What identifies a film, and the facts about it; in the order of <see cref="Values"/>.</summary>
    public const string Columns = "title, release_date, " + Facts;

    public const string Facts =
        "runtime_minutes, mpaa_rating, director, distributor, budget, domestic_gross, worldwide_gross, imdb_rating, imdb_votes";

    /// <summary>The columns of <see cref="Of"/> that go into <see cref="Columns"/>.</summary>
    public const string Values =
        """
        r.title, r."releaseDate", r."runtimeMinutes", r."mpaaRating", r.director, r.distributor,
        r.budget, r."domesticGross", r."worldwideGross", r."imdbRating", r."imdbVotes"
        """;

    /// <summary>The films as a table <c>r</c>.</summary>
    public static FormattableString Of(IReadOnlyCollection<MovieRequest> movies) =>
        $"""
        jsonb_to_recordset({JsonSerializer.Serialize(movies, JsonSerializerOptions.Web)}::jsonb) AS r(
            title text, "releaseDate" date, "runtimeMinutes" integer, "mpaaRating" text, director text, distributor text,
            budget bigint, "domesticGross" bigint, "worldwideGross" bigint, "imdbRating" numeric, "imdbVotes" integer, genres text[])
        """;
}
