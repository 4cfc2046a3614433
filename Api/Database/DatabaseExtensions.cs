using System.Data;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using MovieAspire.Data;
using Npgsql;

namespace MovieAspire.Api.Database;

internal static class DatabaseExtensions
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

    /// <summary>Until the transaction ends, everything that is read is of this moment. Nothing is repeated after a failure.</summary>
    public static async Task<NpgsqlTransaction> BeginSnapshotAsync(this MovieDbContext db, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        return await ((NpgsqlConnection)db.Database.GetDbConnection()).BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
    }

    /// <summary>A context on the same connection that repeats nothing: after a failure, it would read outside of the snapshot.</summary>
    public static MovieDbContext WithoutRetries(this MovieDbContext db)
    {
        var options = new DbContextOptionsBuilder<MovieDbContext>((DbContextOptions<MovieDbContext>)db.GetService<IDbContextOptions>());
        options.UseNpgsql(
            db.Database.GetDbConnection(), npgsql => npgsql.ExecutionStrategy(strategy => new NonRetryingExecutionStrategy(strategy)));
        return new(options.Options);
    }

    /// <summary>
    /// Rows that leave the connection free after the last one. The JSON serializer disposes of a list only when it flushes, and may begin
    /// the next one before.
    /// </summary>
    public static async IAsyncEnumerable<T> StreamAsync<T>(
        this IQueryable<T> query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var row in query.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            yield return row;
        }
    }
}
