using MovieAspire.Api.Protocol.Caching;
using MovieAspire.Api.Sql;
using MovieAspire.Data;
using Npgsql;

namespace MovieAspire.Api.Movies.Writing;

/// <summary>Writes single films. Uniqueness of title and date is the index's to decide, so that no race gets past it.</summary>
internal static class MovieCommands
{
    /// <summary>The new film's id, or null when there is one of this title and date.</summary>
    public static Task<long?> InsertMovieAsync(this MovieDbContext db, MovieRequest movie, CancellationToken cancellationToken) =>
        db.InTransactionAsync<long?>(
            async token =>
            {
                var id = await db.QueryFirstAsync(
                    new SqlStatement()
                        .AppendText($"INSERT INTO movies ({MovieRows.Columns}) SELECT {MovieRows.Values} FROM ").Append(MovieRows.Of([movie]))
                        .AppendText(" ON CONFLICT (title, release_date) DO NOTHING RETURNING id"),
                    row => (long?)row.GetInt64(0),
                    token);
                if (id is not null)
                {
                    await db.SetGenresAsync([movie], token);
                }

                return id;
            },
            cancellationToken);

    public static async Task<WriteOutcome> UpdateMovieAsync(
        this MovieDbContext db, long id, MovieRequest movie, FormattableString precondition, CancellationToken cancellationToken)
    {
        try
        {
            return await db.InTransactionAsync(
                async token =>
                {
                    var updated = await db.ExecuteAsync(
                        new SqlStatement()
                            .AppendText($"UPDATE movies SET ({MovieRows.Columns}) = (SELECT {MovieRows.Values} FROM ").Append(MovieRows.Of([movie]))
                            .Append($") WHERE id = {id} AND {precondition}"),
                        token);
                    if (updated == 0)
                    {
                        return await MissedAsync(db, id, token);
                    }

                    await db.SetGenresAsync([movie], token);
                    return WriteOutcome.Done;
                },
                cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return WriteOutcome.Conflict;
        }
    }

    public static async Task<WriteOutcome> DeleteMovieAsync(
        this MovieDbContext db, long id, IfMatch precondition, CancellationToken cancellationToken) =>
        await db.ExecuteAsync(new SqlStatement($"DELETE FROM movies WHERE id = {id} AND {precondition.On($"version")}"), cancellationToken) > 0
            ? WriteOutcome.Done
            : await MissedAsync(db, id, cancellationToken);

    private static async Task<WriteOutcome> MissedAsync(MovieDbContext db, long id, CancellationToken cancellationToken) =>
        await db.MovieExistsAsync(id, cancellationToken) ? WriteOutcome.PreconditionFailed : WriteOutcome.NotFound;
}
