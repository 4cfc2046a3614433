using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Helpers;
using MovieAspire.Admin.Forms;
using MovieAspire.ApiClient.Models;

namespace MovieAspire.Admin.Movies;

/// <summary>A movie as it is edited: what is typed, and may not be what a field takes.</summary>
[JsonConverter(typeof(MovieFormConverter))]
public sealed record MovieForm
{
    public string? Title { get; set; }

    /// <summary>As <c>yyyy-MM-dd</c>.</summary>
    public string? ReleaseDate { get; set; }

    public IReadOnlyList<string> Genres { get; set; } = [];

    public string? RuntimeMinutes { get; set; }

    public string? MpaaRating { get; set; }

    public string? Director { get; set; }

    public string? Distributor { get; set; }

    public string? Budget { get; set; }

    public string? DomesticGross { get; set; }

    public string? WorldwideGross { get; set; }

    public string? ImdbRating { get; set; }

    public string? ImdbVotes { get; set; }

    public string? ImdbId { get; set; }

    public string? TmdbId { get; set; }

    public static MovieForm FromMovie(MovieDetail movie) => new()
    {
        Title = movie.Title,
        ReleaseDate = movie.ReleaseDate?.ToString(),
        Genres = movie.Genres ?? [],
        RuntimeMinutes = Text(movie.RuntimeMinutes),
        MpaaRating = movie.MpaaRating is { } rating ? EnumHelpers.GetEnumStringValue(rating) : null,
        Director = movie.Director,
        Distributor = movie.Distributor,
        Budget = Text(movie.Budget),
        DomesticGross = Text(movie.DomesticGross),
        WorldwideGross = Text(movie.WorldwideGross),
        ImdbRating = Text(movie.ImdbRating),
        ImdbVotes = Text(movie.ImdbVotes),
        ImdbId = movie.ImdbId,
        TmdbId = Text(movie.TmdbId),
    };

    public MovieRequest ToRequest() => new()
    {
        Title = Title,
        ReleaseDate = DateOnly.TryParseExact(ReleaseDate, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? new Date(day.Year, day.Month, day.Day)
            : null,
        Genres = [.. Genres],
        RuntimeMinutes = (int?)NumberText.ParseWhole(RuntimeMinutes),
        MpaaRating = MpaaRating is null ? null : EnumHelpers.GetEnumValue<MovieRequest_mpaaRating>(MpaaRating),
        Director = Text(Director),
        Distributor = Text(Distributor),
        Budget = NumberText.ParseWhole(Budget),
        DomesticGross = NumberText.ParseWhole(DomesticGross),
        WorldwideGross = NumberText.ParseWhole(WorldwideGross),
        ImdbRating = NumberText.ParseFraction(ImdbRating),
        ImdbVotes = (int?)NumberText.ParseWhole(ImdbVotes),
        ImdbId = Text(ImdbId),
        TmdbId = (int?)NumberText.ParseWhole(TmdbId),
    };

    private static string? Text(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static string? Text(IFormattable? number) => number?.ToString(null, CultureInfo.InvariantCulture);
}

/// <summary>How a field is typed in.</summary>
public enum FieldKind
{
    Text,
    Date,
    Number,
    Fraction,
    Money,
    Choice,
    Genres,
}

/// <summary>A field of a movie, in the order of the form.</summary>
/// <param name="Name">As the API calls it.</param>
/// <param name="Label">As people call it.</param>
/// <param name="Kind">How it is typed in.</param>
/// <param name="Get">Reads it.</param>
/// <param name="Set">Writes it.</param>
public sealed record MovieField(string Name, string Label, FieldKind Kind, Func<MovieForm, object?> Get, Action<MovieForm, object?> Set)
{
    public static RequestRules Rules { get; } = RequestRules.FromSchema(nameof(MovieRequest));

    public static IReadOnlyList<MovieField> All { get; } =
    [
        new("title", "Title", FieldKind.Text, movie => movie.Title, (movie, value) => movie.Title = (string?)value),
        new("releaseDate", "Release date", FieldKind.Date, movie => movie.ReleaseDate, (movie, value) => movie.ReleaseDate = (string?)value),
        new("genres", "Genres", FieldKind.Genres, movie => movie.Genres, (movie, value) => movie.Genres = (IReadOnlyList<string>)value!),
        new("director", "Director", FieldKind.Text, movie => movie.Director, (movie, value) => movie.Director = (string?)value),
        new("runtimeMinutes", "Running time in minutes", FieldKind.Number,
            movie => movie.RuntimeMinutes, (movie, value) => movie.RuntimeMinutes = (string?)value),
        new("mpaaRating", "MPAA rating", FieldKind.Choice, movie => movie.MpaaRating, (movie, value) => movie.MpaaRating = (string?)value),
        new("distributor", "Distributor", FieldKind.Text, movie => movie.Distributor, (movie, value) => movie.Distributor = (string?)value),
        new("budget", "Budget", FieldKind.Money, movie => movie.Budget, (movie, value) => movie.Budget = (string?)value),
        new("domesticGross", "Box office in the United States", FieldKind.Money,
            movie => movie.DomesticGross, (movie, value) => movie.DomesticGross = (string?)value),
        new("worldwideGross", "Box office of the world", FieldKind.Money,
            movie => movie.WorldwideGross, (movie, value) => movie.WorldwideGross = (string?)value),
        new("imdbRating", "IMDb rating", FieldKind.Fraction, movie => movie.ImdbRating, (movie, value) => movie.ImdbRating = (string?)value),
        new("imdbVotes", "IMDb votes", FieldKind.Number, movie => movie.ImdbVotes, (movie, value) => movie.ImdbVotes = (string?)value),
        new("imdbId", "IMDb id", FieldKind.Text, movie => movie.ImdbId, (movie, value) => movie.ImdbId = (string?)value),
        new("tmdbId", "TMDB id", FieldKind.Number, movie => movie.TmdbId, (movie, value) => movie.TmdbId = (string?)value),
    ];

    /// <summary>Why the API would refuse it; null where it would not.</summary>
    public string? Check(MovieForm movie) => Rules.Check(Name, Get(movie));

    /// <summary>Whether two versions of a movie have the same value. An empty text equals a missing one.</summary>
    public bool IsSame(MovieForm one, MovieForm other) => Show(one) == Show(other);

    /// <summary>The value in words.</summary>
    public string Show(MovieForm movie) => Get(movie) switch
    {
        IReadOnlyList<string> names => string.Join(", ", names.Order(StringComparer.InvariantCultureIgnoreCase)),
        string text when Kind is FieldKind.Money && NumberText.ParseWhole(text) is { } amount =>
            amount.ToString("$#,0", CultureInfo.InvariantCulture),
        string text when Kind is FieldKind.Number && NumberText.ParseWhole(text) is { } number => number.ToString(CultureInfo.InvariantCulture),
        string text when Kind is FieldKind.Fraction && NumberText.ParseFraction(text) is { } number => number.ToString(CultureInfo.InvariantCulture),
        var text => $"{text}",
    };
}
