using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Bulk;

/// <summary>
/// Updates the counts once, at the end of the transaction that fills empty tables. Their triggers would run one UPDATE per movie, mostly to
/// recompute generated columns: for 3,000 movies that takes as long as inserting 100,000 ratings.
/// </summary>
internal sealed class DeferredCounts(NpgsqlConnection connection)
{
    private static readonly string[] Counted = ["ratings", "reviews", "favorites", "review_votes"];

    // Other statements that write many movies lock the counts in the same order, so that they cannot deadlock.
    private const string Lock = "SELECT count(*) FROM (SELECT FROM movie_stats ORDER BY movie_id FOR UPDATE) AS locked";

    // wrong_aggregates() defines the correct counts.
    private const string Update = """
        WITH
            wrong AS MATERIALIZED (SELECT * FROM wrong_aggregates()),
            movie AS (
                SELECT id,
                    max(actual) FILTER (WHERE aggregate = 'movie_stats.rating_histogram') AS histogram,
                    max(actual) FILTER (WHERE aggregate = 'movie_stats.review_count') AS reviews,
                    max(actual) FILTER (WHERE aggregate = 'movie_stats.favorite_count') AS favorites
                FROM wrong WHERE aggregate LIKE 'movie\_stats.%' GROUP BY id),
            counted AS (
                UPDATE movie_stats SET
                    rating_histogram = coalesce(histogram::integer[], rating_histogram),
                    review_count = coalesce(reviews::integer, review_count),
                    favorite_count = coalesce(favorites::integer, favorite_count)
                FROM movie WHERE movie_id = movie.id)
        UPDATE reviews SET helpful_count = actual::integer FROM wrong WHERE aggregate = 'reviews.helpful_count' AND reviews.id = wrong.id
        """;

    private readonly HashSet<string> _tables = [];

    /// <summary>Turns off the trigger that counts the rows inserted into a table, if it has one.</summary>
    public async Task DeferAsync(string table, CancellationToken cancellationToken)
    {
        if (Counted.Contains(table))
        {
            await connection.ExecuteAsync($"ALTER TABLE {table} DISABLE TRIGGER {table}_inserted", cancellationToken);
            _tables.Add(table);
        }
    }

    /// <summary>Makes every count exact and turns the triggers on again.</summary>
    public async Task CountAsync(CancellationToken cancellationToken)
    {
        if (_tables.Count == 0)
        {
            return;
        }

        foreach (var table in _tables)
        {
            await connection.ExecuteAsync($"ALTER TABLE {table} ENABLE TRIGGER {table}_inserted", cancellationToken);
        }

        await connection.ExecuteAsync(Lock, cancellationToken);
        await connection.ExecuteAsync(Update, cancellationToken);
        _tables.Clear();
    }
}
