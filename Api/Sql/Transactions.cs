using Microsoft.EntityFrameworkCore;
using MovieAspire.Data;

namespace MovieAspire.Api.Sql;

/// <summary>Several statements as one.</summary>
internal static class Transactions
{
    /// <summary>Runs all of <paramref name="run"/> or none, and all of it again after a transient failure such as a deadlock.</summary>
    public static Task<T> InTransactionAsync<T>(
        this MovieDbContext db, Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                await using var transaction = await db.Database.BeginTransactionAsync(token);
                var result = await run(token);
                await transaction.CommitAsync(token);
                return result;
            },
            cancellationToken);
}
