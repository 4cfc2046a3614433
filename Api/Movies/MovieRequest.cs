using System.ComponentModel.DataAnnotations;
using System.Linq.Expressions;
using MovieAspire.Api.Http;
using MovieAspire.Data;

namespace MovieAspire.Api.Movies;

/// <summary>A complete movie: properties that are left out become null.</summary>
public sealed record MovieRequest : IValidatableObject
{
    private const int MaxGenres = 20;

    [NonBlank(Limits.MovieTitle)]
    public required string Title { get; init; }

    /// <summary>First day in the cinemas of the United States, 1888 to 2100; 1 January where only the year is known. Unique with the title.</summary>
    public required DateOnly ReleaseDate { get; init; }

    [Range(Limits.MinRuntime, Limits.MaxRuntime)]
    public int? RuntimeMinutes { get; init; }

    /// <summary>One of G, PG, PG-13, R, NC-17, Not Rated; null when not known.</summary>
    public string? MpaaRating { get; init; }

    [NonBlank(Limits.PersonName)]
    public string? Director { get; init; }

    [NonBlank(Limits.CompanyName)]
    public string? Distributor { get; init; }

    /// <summary>US dollars.</summary>
    [Range(0d, long.MaxValue)]
    public long? Budget { get; init; }

    /// <summary>Box office of the United States in US dollars.</summary>
    [Range(0d, long.MaxValue)]
    public long? DomesticGross { get; init; }

    /// <summary>Box office of all countries in US dollars.</summary>
    [Range(0d, long.MaxValue)]
    public long? WorldwideGross { get; init; }

    /// <summary>1 to 10 with one decimal.</summary>
    [Range((double)Limits.MinRating, Limits.MaxRating)]
    public decimal? ImdbRating { get; init; }

    [Range(0, int.MaxValue)]
    public int? ImdbVotes { get; init; }

    /// <summary>Names of genres. Unknown genres are created.</summary>
    [MaxLength(MaxGenres)]
    public IReadOnlyList<string> Genres { get; init; } = [];

    /// <summary>The version that was read; no part of a request.</summary>
    internal int Version { get; init; }

    /// <summary>The rules that attributes cannot express.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ReleaseDate < Limits.MinReleaseDate || ReleaseDate > Limits.MaxReleaseDate)
        {
            yield return new($"The date must lie between {Limits.MinReleaseDate:O} and {Limits.MaxReleaseDate:O}.", [nameof(ReleaseDate)]);
        }

        if (MpaaRating is not null && !Limits.MpaaRatings.Contains(MpaaRating))
        {
            yield return new($"The rating must be one of {string.Join(", ", Limits.MpaaRatings)}.", [nameof(MpaaRating)]);
        }

        if (ImdbRating is { } score && decimal.Round(score, 1) != score)
        {
            yield return new("The score has one decimal at most.", [nameof(ImdbRating)]);
        }

        var genre = new NonBlankAttribute(Limits.GenreName);
        if (!Genres.All(name => name is not null && genre.IsValid(name)))
        {
            yield return new($"Each genre must have 1 to {Limits.GenreName} characters, not only white space.", [nameof(Genres)]);
        }
        else if (Genres.Distinct(StringComparer.InvariantCultureIgnoreCase).Count() < Genres.Count)
        {
            yield return new("A genre appears twice.", [nameof(Genres)]);
        }
    }

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
        Genres = row.Genres,
        Version = row.Movie.Version,
    };
}
