using System.CommandLine;
using Microsoft.Extensions.Logging;
using MovieAspire.Data.Migrations;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Seeding;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>
/// Brings the database to this build: waits for the server, creates and migrates the database, seeds it. Does nothing if it is complete.
/// </summary>
internal sealed class UpCommand : WorkerCommand
{
    private readonly Option<SeedProfile?> _profile = SeedOptions.CreateOption();

    private readonly Option<bool> _json = WorkerJson.CreateOption();

    public UpCommand()
        : base("up", "Brings the database to this build's schema and seeds it (the default command). Never deletes data.")
    {
        Options.Add(_profile);
        Options.Add(_json);
    }

    protected override async Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken)
    {
        var profile = SeedOptions.Choose(context, arguments.GetValue(_profile));
        var applied = await RunAsync(context, profile, cancellationToken);
        if (arguments.GetValue(_json))
        {
            await WorkerJson.WriteAsync(
                new UpResult(context.ConnectionString().Database!, MigrationScript.LatestId, applied, SeedOptions.GetName(profile)),
                WorkerJson.Readable.UpResult);
        }

        return ExitCode.Ok;
    }

    /// <summary>Returns the migrations that it applied.</summary>
    private static async Task<IReadOnlyList<string>> RunAsync(
        CommandContext context, SeedProfile profile, CancellationToken cancellationToken)
    {
        Task<NpgsqlConnection> OpenAsync() => ServerWait.OpenOrCreateAsync(context, cancellationToken);
        await using (var connection = await WorkerTelemetry.TraceAsync("wait for server", OpenAsync))
        {
            var current = new DatabaseBuild(context, connection, profile);
            if (await current.IncompleteStateAsync(cancellationToken) is null)
            {
                await current.LogSkippedSeedAsync(cancellationToken);
                await WarnOfDriftAsync(context, connection, cancellationToken);
                context.Log.LogInformation("Up to date: nothing to do.");
                return [];
            }
        }

        await using var workerLock = await WorkerTelemetry.TraceAsync(
            "lock", () => WorkerLock.AcquireAsync(context, ServerWait.OpenOrCreateAsync, cancellationToken));

        // Check again: another worker may have done the work before this one got the lock.
        var build = new DatabaseBuild(context, workerLock.Connection, profile);
        if (await build.IncompleteStateAsync(cancellationToken) is not { } state)
        {
            await build.LogSkippedSeedAsync(cancellationToken);
            context.Log.LogInformation("Up to date: another worker has done it.");
            return [];
        }

        await build.CompleteAsync(state, cancellationToken);
        return [.. state.Pending.Select(script => script.Id)];
    }

    // Only a warning: the application runs as before, and whoever changed the schema by hand decides what is right.
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

/// <summary>The result of <c>up</c>.</summary>
/// <param name="Database">The database's name.</param>
/// <param name="Migration">This build's latest migration.</param>
/// <param name="Applied">The migrations that it applied now, oldest first.</param>
/// <param name="Profile">What an empty database is filled with.</param>
internal sealed record UpResult(string Database, string Migration, IReadOnlyList<string> Applied, string Profile);
