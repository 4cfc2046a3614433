using MovieAspire.Testing;

namespace MovieAspire.MigrationWorker.Tests;

/// <summary>What a seed puts into a database.</summary>
internal static class SeededData
{
    private static readonly string[] Tables =
    [
        """
        (SELECT id, title, release_date, runtime_minutes, mpaa_rating, director, distributor, budget, domestic_gross, worldwide_gross,
            imdb_rating, imdb_votes, version FROM movies)
        """,
        "genres", "movie_genres", "movie_stats", "users", "ratings", "reviews", "review_votes", "favorites",
    ];

    /// <summary>A hash over all of it, but for the time at which the movies came.</summary>
    public static async Task<string> HashAsync(string connectionString)
    {
        var hashes = Tables.Select(table => $"(SELECT md5(string_agg(r::text, '|' ORDER BY r::text COLLATE \"C\")) FROM {table} AS r)");
        return (await Sql.ScalarAsync<string>(connectionString, $"SELECT concat_ws(' ', {string.Join(", ", hashes)})"))!;
    }
}
