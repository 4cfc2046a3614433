using System.Diagnostics;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Backups;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Migrations;

/// <summary>
/// Runs migrations, each in a transaction of its own, so that a database is always at one migration or at the next. A migration
/// that builds indexes concurrently cannot be in a transaction; its statements run one by one, and again after a crash.
/// </summary>
internal sealed class Migrator(CommandContext context, NpgsqlConnection connection)
{
    public async Task RunAsync(IReadOnlyList<MigrationStep> steps, CancellationToken cancellationToken)
    {
        if (steps.Count == 0)
        {
            return;
        }

        var backups = new AutomaticBackup(context, connection);
        var backup = await backups.MakeAsync($"before migration {steps[0].Script.Id} ({steps[0].Direction})", cancellationToken);
        foreach (var step in steps)
        {
            var clock = Stopwatch.StartNew();
            using (new Progress(context.Log, $"Migrating {step.Direction}: {step.Script.Id}"))
            {
                await WorkerTelemetry.TraceAsync($"migrate {step.Direction} {step.Script.Id}", () => RunAsync(step, cancellationToken));
            }

            context.Log.LogInformation(
                "{Done} {Migration} in {Seconds:0.00} s.", step.IsUp
                    ? "Applied" : "Rolled back", step.Script.Id, clock.Elapsed.TotalSeconds);
        }

        if (backup is not null)
        {
            await backups.CompleteAsync(backup, cancellationToken);
        }
    }

    private async Task RunAsync(MigrationStep step, CancellationToken cancellationToken)
    {
        try
        {
            await (step.IsTransactional ? RunInTransactionAsync(step, cancellationToken) : RunStatementsAsync(step, cancellationToken));
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new UserErrorException(
                $"Migration {step.Script.Id} did not get its locks within {context.LockTimeout.TotalSeconds} s and {DescribeState(step)}, "
                + "so that other queries do not queue behind it. "
                + "End the long transactions (see pg_stat_activity), or retry with a longer --lock-timeout.", e);
        }
        catch (PostgresException e)
        {
            throw new UserErrorException($"Migration {step.Script.Id} failed and {DescribeState(step)}. {ErrorFormatter.Format(e)}", e);
        }
    }

    private static string DescribeState(MigrationStep step) =>
        step.IsTransactional
            ? "was rolled back" : "stopped part-way, as one that builds indexes concurrently can (the next run does the rest)";

    private async Task RunInTransactionAsync(MigrationStep step, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(Timeouts("SET LOCAL"), cancellationToken);
        if (step.IsUp)
        {
            await connection.ExecuteAsync(step.Sql, cancellationToken);
            await connection.ExecuteAsync(step.Record, cancellationToken);
        }
        else
        {
            // Before the script, because rolling back the first migration drops this table.
            await connection.ExecuteAsync(step.Record, cancellationToken);
            await connection.ExecuteAsync(step.Sql, cancellationToken);
        }

        // Immediately, because triggers on tables in use may write to the new ones.
        await context.Rights().ApplyAsync(connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task RunStatementsAsync(MigrationStep step, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(Timeouts("SET"), cancellationToken);
        var statements = SqlSplitter.Split(step.Sql).ToList();
        foreach (var statement in statements[..^1])
        {
            if (!await ConcurrentIndexes.IsBuiltAsync(connection, statement.Text, cancellationToken))
            {
                await connection.ExecuteAsync(statement.Text, cancellationToken);
            }
        }

        await context.Rights().ApplyAsync(connection, cancellationToken);

        // The last statement is EF Core's record that the migration is done.
        await connection.ExecuteAsync(step.Record, cancellationToken);
        await connection.ExecuteAsync(statements[^1].Text, cancellationToken);
        await connection.ExecuteAsync("SET lock_timeout = 0; SET statement_timeout = 0", cancellationToken);
    }

    // A migration that waits behind a long transaction makes all later queries wait behind itself.
    private string Timeouts(string set) =>
        $"{set} lock_timeout = {context.LockTimeout.TotalMilliseconds:0}; {set} statement_timeout = "
            + $"{context.StatementTimeout.TotalMilliseconds:0}";
}
