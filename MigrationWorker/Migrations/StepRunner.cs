using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Migrations;

/// <summary>Takes the lock, plans, asks where data would be lost, and runs: what <c>migrate</c> and <c>rollback</c> share.</summary>
internal static class StepRunner
{
    public static async Task<int> RunAsync(
        Session session, Func<MigrationState, IReadOnlyList<MigrationStep>> plan, bool mayLoseData, CancellationToken cancellationToken)
    {
        await using var turn = await WorkerLock.AcquireAsync(session, ServerWait.OpenOrCreateAsync, cancellationToken);
        var connection = turn.Connection;
        var steps = plan(await MigrationState.ReadAsync(connection, cancellationToken));
        if (steps.Count == 0)
        {
            session.Log.LogInformation("Nothing to do.");
            return ExitCode.Ok;
        }

        if (!mayLoseData)
        {
            await RefuseLossAsync(connection, steps, cancellationToken);
        }

        await new Migrator(session, connection).RunAsync(steps, cancellationToken);
        return ExitCode.Ok;
    }

    /// <exception cref="WorkerException">The steps would throw away rows.</exception>
    public static async Task RefuseLossAsync(NpgsqlConnection connection, IReadOnlyList<MigrationStep> steps, CancellationToken cancellationToken)
    {
        var losses = await DataLoss.FindAsync(connection, steps, cancellationToken);
        if (losses.Count > 0)
        {
            throw new WorkerException(
                $"This would lose data: {string.Join(", ", losses)}. Take a backup first; then say --yes to migrate or rollback to go on. Nothing was changed.");
        }
    }
}
