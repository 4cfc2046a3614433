using System.CommandLine;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Seeding;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>
/// Brings the database to this build: waits for the server, makes what is missing, seeds. Does nothing where nothing is missing.
/// </summary>
internal sealed class UpCommand : WorkerCommand
{
    private readonly Option<SeedProfile?> _seed = SeedOptions.CreateOption("--seed");

    public UpCommand()
        : base("up", "Brings the database to this build's schema and seeds it (the default command). Never deletes data.") =>
            Options.Add(_seed);

    protected override async Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken)
    {
        var profile = SeedOptions.Choose(context, arguments.GetValue(_seed));
        Task<NpgsqlConnection> OpenAsync() => ServerWait.OpenOrCreateAsync(context, cancellationToken);
        await using (var connection = await WorkerTelemetry.TraceAsync("wait for server", OpenAsync))
        {
            var current = new DatabaseBuild(context, connection, profile);
            if (await current.IncompleteStateAsync(cancellationToken) is null)
            {
                await current.LogSeedLeftOutAsync(cancellationToken);
                await WarnOfDriftAsync(context, connection, cancellationToken);
                context.Log.LogInformation("Up to date: nothing to do.");
                return ExitCode.Ok;
            }
        }

        await using var workerLock = await WorkerTelemetry.TraceAsync(
            "lock", () => WorkerLock.AcquireAsync(context, ServerWait.OpenOrCreateAsync, cancellationToken));

        // Whoever had the lock before may have done the work.
        var build = new DatabaseBuild(context, workerLock.Connection, profile);
        if (await build.IncompleteStateAsync(cancellationToken) is not { } state)
        {
            await build.LogSeedLeftOutAsync(cancellationToken);
            context.Log.LogInformation("Up to date: another worker has done it.");
            return ExitCode.Ok;
        }

        await build.CompleteAsync(state, cancellationToken);
        return ExitCode.Ok;
    }

    // The site runs as it did before; whoever changed the schema by hand decides what is right.
    private static async Task WarnOfDriftAsync(CommandContext context, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var problems = (await DatabaseStatus.ReadAsync(context, connection, cancellationToken)).Problems.ToList();
        if (problems.Count > 0)
        {
            context.Log.LogWarning(
                "The database is not what this build expects: {Problem}{More}. See them with: status",
                problems[0], problems.Count > 1 ? $", and {problems.Count - 1} more" : "");
        }
    }
}
