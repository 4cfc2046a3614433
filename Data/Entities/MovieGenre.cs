namespace MovieAspire.Data.Entities;

/// <summary>Links a movie to one of its genres.</summary>
public sealed class MovieGenre
{
    public long MovieId { get; init; }

    public long GenreId { get; init; }
}
