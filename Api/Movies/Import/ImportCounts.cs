namespace MovieAspire.Api.Movies.Import;

/// <summary>What became of films that were good.</summary>
internal readonly record struct ImportCounts(long Created, long Updated, long Unchanged)
{
    public static ImportCounts operator +(ImportCounts a, ImportCounts b) =>
        new(a.Created + b.Created, a.Updated + b.Updated, a.Unchanged + b.Unchanged);
}
