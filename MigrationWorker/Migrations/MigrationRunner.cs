using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Migrations;

/// <summary>
/// Runs a plan for <c>migrate</c> and <c>rollback</c>: takes the lock, plans, refuses data loss without confirmation, migrates.
/// </summary>
internal static class MigrationRunner
{
    public static async Task<int> RunAsync(
        CommandContext context, Func<MigrationState, IReadOnlyList<MigrationStep>> plan, bool mayLoseData,
        CancellationToken cancellationToken)
    {
        await using var workerLock = await WorkerLock.AcquireAsync(context, ServerWait.OpenAsync, cancellationToken);
        var connection = workerLock.Connection;
        var steps = plan(await MigrationState.ReadAsync(connection, cancellationToken));
        if (steps.Count == 0)
        {
            context.Log.LogInformation("Nothing to do.");
            return ExitCode.Ok;
        }

        if (!mayLoseData)
        {
            await RefuseLossAsync(connection, steps, cancellationToken);
        }

        await new Migrator(context, connection).RunAsync(steps, cancellationToken);
        return ExitCode.Ok;
    }

    /// <exception cref="UserErrorException">The steps would delete rows.</exception>
    public static async Task RefuseLossAsync(
        NpgsqlConnection connection, IReadOnlyList<MigrationStep> steps, CancellationToken cancellationToken)
    {
        var losses = await DataLoss.FindAsync(connection, steps, cancellationToken);
        if (losses.Count > 0)
        {
            throw new UserErrorException(
                $"This would lose data: {string.Join(", ", losses)}. Nothing was changed. "
                + "Back up first, then repeat migrate or rollback with --yes.");
        }
    }
}
