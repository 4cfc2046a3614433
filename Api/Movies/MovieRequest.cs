using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using MovieAspire.Api.Http;
using MovieAspire.Data;

namespace MovieAspire.Api.Movies;

/// <summary>A complete movie: properties that are left out become null.</summary>
public sealed record MovieRequest
{
    private const int MaxGenres = 20;
    private const string NotNegative = "The field {0} must not be negative.";

    [Line(Limits.MovieTitle)]
    public required string Title { get; init; }

    /// <summary>First day in the cinemas of the United States, 1888 to 2100; 1 January where only the year is known. Unique with the title.</summary>
    [CustomValidation(typeof(MovieRules), nameof(MovieRules.ReleaseDate))]
    public required DateOnly ReleaseDate { get; init; }

    [Range(Limits.MinRuntime, Limits.MaxRuntime)]
    public int? RuntimeMinutes { get; init; }

    /// <summary>One of G, PG, PG-13, R, NC-17, Not Rated; null when not known.</summary>
    [CustomValidation(typeof(MovieRules), nameof(MovieRules.MpaaRating))]
    public string? MpaaRating { get; init; }

    [Line(Limits.PersonName)]
    public string? Director { get; init; }

    [Line(Limits.CompanyName)]
    public string? Distributor { get; init; }

    /// <summary>US dollars.</summary>
    [Range(0, double.PositiveInfinity, ErrorMessage = NotNegative)]
    public long? Budget { get; init; }

    /// <summary>Box office of the United States in US dollars.</summary>
    [Range(0, double.PositiveInfinity, ErrorMessage = NotNegative)]
    public long? DomesticGross { get; init; }

    /// <summary>Box office of all countries in US dollars.</summary>
    [Range(0, double.PositiveInfinity, ErrorMessage = NotNegative)]
    public long? WorldwideGross { get; init; }

    /// <summary>1 to 10 with one decimal.</summary>
    [Range((double)Limits.MinRating, Limits.MaxRating)]
    [CustomValidation(typeof(MovieRules), nameof(MovieRules.ImdbRating))]
    public decimal? ImdbRating { get; init; }

    [Range(0, int.MaxValue)]
    public int? ImdbVotes { get; init; }

    /// <summary>The movie's id at IMDb, such as tt0133093. Unique.</summary>
    [ImdbId]
    public string? ImdbId { get; init; }

    /// <summary>The movie's id at TMDB. Unique.</summary>
    [Range(1, int.MaxValue)]
    public int? TmdbId { get; init; }

    /// <summary>Names of genres. Unknown genres are created; null is none.</summary>
    [MaxLength(MaxGenres)]
    [CustomValidation(typeof(MovieRules), nameof(MovieRules.Genres))]
    [AllowNull]
    public IReadOnlyList<string> Genres
    {
        get;
        init => field = value is null ? [] : [.. value.Select(name => name is null ? "" : PlainText.NormalizeLine(name))];
    } = [];

    /// <summary>The version that was read. Not part of a request.</summary>
    internal int Version { get; init; }

    internal static readonly Expression<Func<MovieRow, MovieRequest>> FromRow = row => new()
    {
        Title = row.Movie.Title,
        ReleaseDate = row.Movie.ReleaseDate,
        RuntimeMinutes = row.Movie.RuntimeMinutes,
        MpaaRating = row.Movie.MpaaRating,
        Director = row.Movie.Director,
        Distributor = row.Movie.Distributor,
        Budget = row.Movie.Budget,
        DomesticGross = row.Movie.DomesticGross,
        WorldwideGross = row.Movie.WorldwideGross,
        ImdbRating = row.Movie.ImdbRating,
        ImdbVotes = row.Movie.ImdbVotes,
        ImdbId = row.Movie.ImdbId,
        TmdbId = row.Movie.TmdbId,
        Genres = row.Genres,
        Version = row.Movie.Version,
    };
}

/// <summary>An IMDb id. The framework's attribute would accept an empty text.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ImdbIdAttribute : RegularExpressionAttribute
{
    public ImdbIdAttribute()
        : base(Limits.ImdbIdPattern) => ErrorMessage = "The field {0} must be tt and 7 to 10 digits, such as tt0133093.";

    public override bool IsValid(object? value) => value is not "" && base.IsValid(value);
}

/// <summary>The rules of a movie that no attribute of the framework expresses.</summary>
public static class MovieRules
{
    private static readonly LineAttribute GenreName = new(Limits.GenreName);

    /// <summary>A date within <see cref="Limits"/>.</summary>
    public static ValidationResult? ReleaseDate(DateOnly date, ValidationContext context) => Check(
        date >= Limits.MinReleaseDate && date <= Limits.MaxReleaseDate,
        $"The date must lie between {Limits.MinReleaseDate:O} and {Limits.MaxReleaseDate:O}.",
        context);

    /// <summary>One of the ratings of <see cref="Limits"/>.</summary>
    public static ValidationResult? MpaaRating(string? rating, ValidationContext context) => Check(
        rating is null || Limits.MpaaRatings.Contains(rating), $"The rating must be one of {string.Join(", ", Limits.MpaaRatings)}.", context);

    /// <summary>One decimal at most.</summary>
    public static ValidationResult? ImdbRating(decimal? score, ValidationContext context) =>
        Check(score is not { } value || decimal.Round(value, 1) == value, "The score has one decimal at most.", context);

    /// <summary>Valid, distinct names.</summary>
    public static ValidationResult? Genres(IReadOnlyList<string> names, ValidationContext context) =>
        Check(
            names.All(GenreName.IsValid),
            $"Each genre must have 1 to {Limits.GenreName} characters, not only white space, and no line breaks or other control characters.",
            context)
        ?? Check(names.Distinct(StringComparer.InvariantCultureIgnoreCase).Count() == names.Count, "A genre appears twice.", context);

    private static ValidationResult? Check(bool isValid, string message, ValidationContext context) =>
        isValid ? ValidationResult.Success : new(message, [context.MemberName!]);
}
