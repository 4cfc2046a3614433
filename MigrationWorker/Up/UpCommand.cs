using System.CommandLine;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Accounts;
using MovieAspire.MigrationWorker.CommandLine;
using MovieAspire.MigrationWorker.Hosting;
using MovieAspire.MigrationWorker.Migrating;
using MovieAspire.MigrationWorker.Planning;
using MovieAspire.MigrationWorker.Seeding;
using MovieAspire.MigrationWorker.Server;
using MovieAspire.MigrationWorker.Verifying;
using Npgsql;

namespace MovieAspire.MigrationWorker.Up;

/// <summary>Brings the database to this build: waits for the server, makes what is missing, seeds. Does nothing where nothing is missing.</summary>
internal sealed class UpCommand : WorkerCommand
{
    private readonly Option<string?> _seed = SeedProfile.CreateOption("--seed");

    public UpCommand()
        : base("up", "Brings the database to this build's schema and seeds it (the default command). Never deletes data.") => Options.Add(_seed);

    protected override async Task<int> RunAsync(Session session, ParseResult arguments, CancellationToken cancellationToken)
    {
        var profile = SeedProfile.Choose(session, arguments.GetValue(_seed));
        var admin = FirstAdmin.From(session.Configuration);
        await using var connection = await Steps.RunAsync("wait for server", () => ServerWait.OpenOrCreateAsync(session, cancellationToken));
        if (await MissingAsync(session, connection, profile, admin, cancellationToken) is null)
        {
            session.Log.LogInformation("Up to date: nothing to do.");
            return ExitCode.Ok;
        }

        await using var turn = await Steps.RunAsync("lock", () => WorkerLock.AcquireAsync(session, cancellationToken));

        // Whoever had the lock before may have done the work.
        if (await MissingAsync(session, connection, profile, admin, cancellationToken) is not { } state)
        {
            session.Log.LogInformation("Up to date: another worker has done it.");
            return ExitCode.Ok;
        }

        await MigrateAsync(session, connection, state, cancellationToken);
        if (profile == DemoSeed.Profile)
        {
            await SeedAsync(session, connection, cancellationToken);
        }

        if (admin is not null)
        {
            await AddAdminAsync(session, connection, admin, cancellationToken);
        }

        return ExitCode.Ok;
    }

    /// <summary>Null where nothing is missing.</summary>
    private static async Task<MigrationState?> MissingAsync(
        Session session, NpgsqlConnection connection, string profile, FirstAdmin? admin, CancellationToken cancellationToken)
    {
        var state = await MigrationState.ReadAsync(connection, cancellationToken);
        if (state.Unknown.Count > 0)
        {
            session.Log.LogWarning("The database has migrations that this build does not know: {Migrations}.", string.Join(", ", state.Unknown));
        }

        var complete = state.Pending.Count == 0
            && (profile == SeedProfile.None || await new DemoSeed(session, connection).IsAppliedAsync(cancellationToken))
            && (admin is null || await new AdminStore(connection).ExistsAsync(cancellationToken));
        return complete ? null : state;
    }

    private static async Task MigrateAsync(Session session, NpgsqlConnection connection, MigrationState state, CancellationToken cancellationToken)
    {
        var steps = MigrationPlan.ToLatest(state);
        if (steps.Count == 0)
        {
            return;
        }

        await StepRunner.RefuseLossAsync(connection, steps, cancellationToken);
        await new Migrator(session, connection).RunAsync(steps, cancellationToken);
        await Steps.RunAsync("verify", () => SchemaCheck.RequireAsync(session, connection, cancellationToken));
    }

    private static async Task SeedAsync(Session session, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var seed = new DemoSeed(session, connection);
        if (!await seed.IsAppliedAsync(cancellationToken))
        {
            await Steps.RunAsync("seed", () => seed.ApplyAsync(cancellationToken));
        }
    }

    private static async Task AddAdminAsync(Session session, NpgsqlConnection connection, FirstAdmin admin, CancellationToken cancellationToken)
    {
        var accounts = new AdminStore(connection);
        if (!await accounts.ExistsAsync(cancellationToken))
        {
            await Steps.RunAsync("first admin", () => accounts.CreateAsync(admin, cancellationToken));
            session.Log.LogInformation("Made the first admin.");
        }
    }
}
