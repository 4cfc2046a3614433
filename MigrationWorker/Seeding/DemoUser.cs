namespace MovieAspire.MigrationWorker.Seeding;

/// <summary>
/// An invented user. It has no password, so nobody can log in, and its email address is in a reserved domain (RFC 2606), so no password
/// reset reaches anybody either.
/// </summary>
internal sealed record DemoUser(int Number, string DisplayName, string TasteA, string TasteB)
{
    private static readonly string[] Names =
    [
        "Ada", "Bo", "Chloe", "Dario", "Edda", "Femi", "Greta", "Hugo", "Ines", "Jonas", "Kaya", "Liam",
        "Mona", "Nils", "Olga", "Pia", "Quinn", "Rosa", "Sami", "Tara", "Umar", "Vera", "Wim", "Yuki",
    ];

    private static readonly string[] Tastes =
    [
        "Drama", "Comedy", "Action", "Adventure", "Thriller", "Horror", "Romance", "Science Fiction", "Fantasy", "Family", "Musical",
    ];

    /// <summary>All 72 demo users.</summary>
    public static IReadOnlyList<DemoUser> All { get; } = [.. Enumerable.Range(0, Names.Length * 3).Select(Create)];

    public string UserName => $"demo{Number + 1:00}@demo.invalid";

    /// <summary>How well a movie fits the user's taste: 0 to 2.</summary>
    public int Affinity(MovieRecord movie) => (movie.Genres.Contains(TasteA) ? 1 : 0) + (movie.Genres.Contains(TasteB) ? 1 : 0);

    private static DemoUser Create(int number) => new(
        number,
        $"{Names[number % Names.Length]} {"ABC"[number / Names.Length]}. (demo)",
        Tastes[number % Tastes.Length],
        Tastes[((number * 5) + 3) % Tastes.Length]);
}
