using System.Globalization;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Fixtures.Load;

/// <summary>
/// Inserts genres of films. Elsewhere a trigger gives a film a new version when its genres change; here the films of the
/// file keep the version that the file says, and only those that were there before get a new one.
/// </summary>
internal static class GenreLinks
{
    public static async Task<long> InsertAsync(NpgsqlConnection connection, string insert, long lastMovie, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync("ALTER TABLE movie_genres DISABLE TRIGGER movie_genres_inserted", cancellationToken);
        var inserted = await connection.ScalarAsync<long>(
            $"""
            WITH inserted AS ({insert} RETURNING movie_id),
                touched AS (
                    UPDATE movies SET updated_at = now()
                    WHERE id <= {lastMovie.ToString(CultureInfo.InvariantCulture)} AND updated_at <> now() AND id IN (SELECT movie_id FROM inserted))
            SELECT count(*) FROM inserted
            """,
            cancellationToken);
        await connection.ExecuteAsync("ALTER TABLE movie_genres ENABLE TRIGGER movie_genres_inserted", cancellationToken);
        return inserted;
    }
}
