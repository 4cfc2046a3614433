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
    /// <summary>Runs <paramref name="run"/> in a transaction, and retries all of it after a transient failure such as a deadlock.</summary>
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

    /// <summary>Does so once <paramref name="takeLock"/> has run in the transaction. SQL: LINQ locks neither tables nor rows.</summary>
    public static Task<T> InTransactionAsync<T>(
        this MovieDbContext db, FormattableString takeLock, Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken) =>
        db.InTransactionAsync(
            async token =>
            {
                await db.Database.ExecuteSqlAsync(takeLock, token);
                return await run(token);
            },
            cancellationToken);

    /// <summary>Begins a transaction whose reads all see one snapshot. Failures are not retried.</summary>
    public static async Task<NpgsqlTransaction> BeginSnapshotAsync(this MovieDbContext db, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        return await ((NpgsqlConnection)db.Database.GetDbConnection()).BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
    }

    /// <summary>A context on the same connection without retries, which would read outside of the snapshot.</summary>
    public static MovieDbContext WithoutRetries(this MovieDbContext db)
    {
        var options = new DbContextOptionsBuilder<MovieDbContext>((DbContextOptions<MovieDbContext>)db.GetService<IDbContextOptions>());
        options.UseNpgsql(
            db.Database.GetDbConnection(), npgsql => npgsql.ExecutionStrategy(strategy => new NonRetryingExecutionStrategy(strategy)));
        return new(options.Options);
    }

    /// <summary>
    /// Streams rows and frees the connection after the last one. The JSON serializer disposes of a list only when it flushes, and may start
    /// the next list before that.
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
