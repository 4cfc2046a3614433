using System.Diagnostics;
using Microsoft.Extensions.Logging;
using MovieAspire.Data.Migrations;
using MovieAspire.MigrationWorker.CommandLine;
using MovieAspire.MigrationWorker.Hosting;
using Npgsql;

namespace MovieAspire.MigrationWorker.Migrating;

/// <summary>Runs migrations, each in a transaction of its own, so that a database is always at one migration or at the next.</summary>
internal sealed class Migrator(Session session, NpgsqlConnection connection)
{
    // A migration that queues behind a long transaction makes everybody queue behind itself.
    private const string Limits = "SET LOCAL lock_timeout = '5s'";

    public async Task ApplyAsync(MigrationScript script, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        await Steps.RunAsync($"migrate {script.Id}", () => RunAsync(script, cancellationToken));
        session.Log.LogInformation("Applied {Migration} in {Seconds:0.00} s.", script.Id, clock.Elapsed.TotalSeconds);
    }

    private async Task RunAsync(MigrationScript script, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await ExecuteAsync(Limits, cancellationToken);
            await ExecuteAsync(script.Up, cancellationToken);
            await ExecuteAsync(
                $"INSERT INTO applied_migrations (migration_id, checksum) VALUES ('{script.Id}', '{script.Checksum}')", cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException e)
        {
            throw new WorkerException($"Migration {script.Id} failed and was rolled back. {Failure.Describe(e)}", e);
        }
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
