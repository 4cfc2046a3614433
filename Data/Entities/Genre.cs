namespace MovieAspire.Data.Entities;

/// <summary>A genre; a movie has any number of them. Its natural key is the name, whatever its case.</summary>
public sealed class Genre
{
    public long Id { get; init; }

    /// <summary>Compared without regard to case.</summary>
    public required string Name { get; set; }

    public ICollection<Movie> Movies { get; } = [];
}
