using Npgsql;

namespace MovieAspire.MigrationWorker.Tests;

/// <summary>Short ways to ask a database.</summary>
internal static class Sql
{
    public static async Task<T?> ScalarAsync<T>(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() is { } value and not DBNull ? (T)value : default;
    }

    public static Task ExecuteAsync(string connectionString, string sql) => ScalarAsync<object>(connectionString, sql);

    /// <summary>A hash over everything that a seed puts there, but for the time at which the movies came.</summary>
    public static async Task<string> HashOfDataAsync(string connectionString)
    {
        string[] tables =
        [
            "(SELECT id, title, release_date, runtime_minutes, mpaa_rating, director, distributor, budget, domestic_gross, worldwide_gross, imdb_rating, imdb_votes, version FROM movies)",
            "genres", "movie_genres", "movie_stats", "users", "ratings", "reviews", "review_votes", "favorites",
        ];
        var hashes = tables.Select(table => $"(SELECT md5(string_agg(r::text, '|' ORDER BY r::text COLLATE \"C\")) FROM {table} AS r)");
        return (await ScalarAsync<string>(connectionString, $"SELECT concat_ws(' ', {string.Join(", ", hashes)})"))!;
    }
}
