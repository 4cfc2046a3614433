namespace MovieAspire.Data.Entities;

/// <summary>A film has a genre.</summary>
public sealed class MovieGenre
{
    public long MovieId { get; init; }

    public long GenreId { get; init; }
}
