using System.CommandLine;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Seeding;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>Brings the database to this build: waits for the server, makes what is missing, seeds. Does nothing where nothing is missing.</summary>
internal sealed class UpCommand : WorkerCommand
{
    private readonly Option<string?> _seed = SeedProfile.CreateOption("--seed");

    public UpCommand()
        : base("up", "Brings the database to this build's schema and seeds it (the default command). Never deletes data.") => Options.Add(_seed);

    protected override async Task<int> RunAsync(Session session, ParseResult arguments, CancellationToken cancellationToken)
    {
        var profile = SeedProfile.Choose(session, arguments.GetValue(_seed));
        await using (var connection = await Steps.RunAsync("wait for server", () => ServerWait.OpenOrCreateAsync(session, cancellationToken)))
        {
            if (await new DatabaseBuild(session, connection, profile).MissingAsync(cancellationToken) is null)
            {
                session.Log.LogInformation("Up to date: nothing to do.");
                return ExitCode.Ok;
            }
        }

        await using var turn = await Steps.RunAsync("lock", () => WorkerLock.AcquireAsync(session, ServerWait.OpenOrCreateAsync, cancellationToken));

        // Whoever had the lock before may have done the work.
        var build = new DatabaseBuild(session, turn.Connection, profile);
        if (await build.MissingAsync(cancellationToken) is not { } state)
        {
            session.Log.LogInformation("Up to date: another worker has done it.");
            return ExitCode.Ok;
        }

        await build.CompleteAsync(state, cancellationToken);
        return ExitCode.Ok;
    }
}
