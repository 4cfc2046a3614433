namespace MovieAspire.MigrationWorker.Import.Films;

/// <summary>Splits compound genres, and takes from the kind of story what is a genre elsewhere.</summary>
internal static class GenreRules
{
    private static readonly Dictionary<string, string[]> Compounds = new()
    {
        ["Thriller/Suspense"] = ["Thriller", "Suspense"],
        ["Romantic Comedy"] = ["Romance", "Comedy"],
        ["Black Comedy"] = ["Comedy", "Black Humor"],
        ["Concert/Performance"] = ["Concert", "Performance"],
    };

    private static readonly Dictionary<string, string> CreativeTypes = new()
    {
        ["Science Fiction"] = "Science Fiction",
        ["Fantasy"] = "Fantasy",
        ["Super Hero"] = "Superhero",
        ["Kids Fiction"] = "Family",
        ["Historical Fiction"] = "History",
        ["Dramatization"] = "Biography",
    };

    public static IReadOnlyList<string> Read(string? genre, string? creativeType, Action<string> correct)
    {
        var genres = new List<string>();
        if (genre is not null && Compounds.TryGetValue(genre, out var parts))
        {
            correct($"genre '{genre}' split into {string.Join(" and ", parts)}");
            genres.AddRange(parts);
        }
        else if (!string.IsNullOrWhiteSpace(genre))
        {
            genres.Add(genre);
        }

        if (creativeType is not null && CreativeTypes.TryGetValue(creativeType, out var kind))
        {
            genres.Add(kind);
        }

        return genres;
    }
}
