namespace MovieAspire.Data.Entities;

/// <summary>
/// The last change of each movie, including deleted ones, for clients that keep a copy of the catalog. Only triggers write it.
/// </summary>
public sealed class MovieChange
{
    /// <summary>The movie, which may be deleted.</summary>
    public long MovieId { get; private set; }

    /// <summary>Number of the change, ascending. Those up to <c>settled_movie_changes()</c> are all committed or were never made.</summary>
    public long Number { get; private set; }

    /// <summary>Number of the change that added the movie.</summary>
    public long CreatedNumber { get; private set; }

    /// <summary>When the movie last changed.</summary>
    public DateTimeOffset ChangedAt { get; private set; }

    /// <summary>Whether the movie was deleted.</summary>
    public bool IsDeleted { get; private set; }
}
