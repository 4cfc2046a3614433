using System.Data;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using MovieAspire.Data;
using Npgsql;

namespace MovieAspire.Api.Database;

/// <summary>
/// Runs statements on the context's connection, inside its transaction if there is one, and repeats them after a
/// transient failure as the context does with its own.
/// </summary>
internal static class DatabaseExtensions
{
    public static Task<List<T>> QueryAsync<T>(
        this MovieDbContext db, SqlBuilder statement, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken) =>
        db.OnConnectionAsync(
            async (connection, token) =>
            {
                await using var command = statement.ToCommand(connection);
                await using var reader = await command.ExecuteReaderAsync(token);
                List<T> rows = [];
                while (await reader.ReadAsync(token))
                {
                    rows.Add(read(reader));
                }

                return rows;
            },
            cancellationToken);

    /// <summary>The first row, or the default where there is none.</summary>
    public static async Task<T?> QueryFirstAsync<T>(
        this MovieDbContext db, SqlBuilder statement, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken) =>
        (await db.QueryAsync(statement, read, cancellationToken)).FirstOrDefault();

    /// <summary>The number of rows that the statement changed.</summary>
    public static Task<int> ExecuteAsync(this MovieDbContext db, SqlBuilder statement, CancellationToken cancellationToken) =>
        db.OnConnectionAsync(
            async (connection, token) =>
            {
                await using var command = statement.ToCommand(connection);
                return await command.ExecuteNonQueryAsync(token);
            },
            cancellationToken);

    /// <summary>Until the transaction ends, everything that is read is of this moment. Nothing is repeated after a failure.</summary>
    public static async Task<NpgsqlTransaction> BeginSnapshotAsync(this MovieDbContext db, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        return await ((NpgsqlConnection)db.Database.GetDbConnection()).BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
    }

    /// <summary>Rows as they arrive, however many there are.</summary>
    public static async IAsyncEnumerable<T> StreamAsync<T>(
        this MovieDbContext db,
        SqlBuilder statement,
        Func<NpgsqlDataReader, T> read,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = statement.ToCommand((NpgsqlConnection)db.Database.GetDbConnection());
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                yield return read(reader);
            }
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

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

    public static T? GetNullable<T>(this NpgsqlDataReader reader, int ordinal)
        where T : struct => reader.IsDBNull(ordinal) ? null : reader.GetFieldValue<T>(ordinal);

    public static string? GetNullableString(this NpgsqlDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    private static Task<T> OnConnectionAsync<T>(
        this MovieDbContext db, Func<NpgsqlConnection, CancellationToken, Task<T>> run, CancellationToken cancellationToken) =>
        db.Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                await db.Database.OpenConnectionAsync(token);
                try
                {
                    return await run((NpgsqlConnection)db.Database.GetDbConnection(), token);
                }
                finally
                {
                    await db.Database.CloseConnectionAsync();
                }
            },
            cancellationToken);
}
