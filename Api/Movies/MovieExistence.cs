using MovieAspire.Api.Sql;
using MovieAspire.Data;

namespace MovieAspire.Api.Movies;

/// <summary>Tells an empty answer about a film from one about no film.</summary>
internal static class MovieExistence
{
    public static async Task<bool> MovieExistsAsync(this MovieDbContext db, long id, CancellationToken cancellationToken) =>
        await db.QueryFirstAsync(new SqlStatement($"SELECT 1 FROM movies WHERE id = {id}"), row => row.GetInt32(0), cancellationToken) == 1;
}
