using Microsoft.Extensions.Logging;
using MovieAspire.Data.Schema;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Migrations;
using MovieAspire.MigrationWorker.Seeding;
using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>Completes a database: the schema, the seed of the profile, and the first admin if one is configured.</summary>
internal sealed class DatabaseBuild(CommandContext context, NpgsqlConnection connection, SeedProfile profile)
{
    private readonly Seeder _seeder = new(context, connection, profile);
    private readonly DatabaseRights _rights = context.Rights();
    private readonly FirstAdminOptions _admin = context.Settings<FirstAdminOptions>(FirstAdminOptions.Section);

    /// <summary>The migrations of an incomplete database; null if it is complete.</summary>
    public async Task<MigrationState?> IncompleteStateAsync(CancellationToken cancellationToken)
    {
        var state = await MigrationState.ReadAsync(connection, cancellationToken);
        if (state.Unknown.Count > 0)
        {
            context.Log.LogWarning(
                "The database has migrations that this build does not know: {Migrations}.", string.Join(", ", state.Unknown));
        }

        var complete = state.Pending.Count == 0
            && !(state.Unknown.Count == 0 && await _rights.AreIncompleteAsync(connection, cancellationToken))
            && (profile == SeedProfile.None || await HasSeedAsync(cancellationToken))
            && (!_admin.IsSet || await new AdminStore(connection).ExistsAsync(cancellationToken));
        return complete ? null : state;
    }

    /// <summary>Adds what is missing. The caller holds the worker's lock.</summary>
    public async Task CompleteAsync(MigrationState state, CancellationToken cancellationToken)
    {
        await MigrateAsync(state, cancellationToken);

        // This build does not know which tables of a newer one are secret.
        if (state.Unknown.Count == 0 && await _rights.ApplyAsync(connection, cancellationToken))
        {
            context.Log.LogInformation("Put the rights of the database roles right.");
        }

        if (profile != SeedProfile.None)
        {
            await SeedAsync(cancellationToken);
        }

        if (_admin.IsSet)
        {
            await AddAdminAsync(cancellationToken);
        }
    }

    private async Task MigrateAsync(MigrationState state, CancellationToken cancellationToken)
    {
        var steps = MigrationPlan.ToLatest(state);
        if (steps.Count == 0)
        {
            return;
        }

        await MigrationRunner.RefuseLossAsync(connection, steps, cancellationToken);
        await DatabaseRequirements.CheckAsync(connection, cancellationToken);
        await new Migrator(context, connection).RunAsync(steps, cancellationToken);
        await WorkerTelemetry.TraceAsync("verify", () => SchemaCheck.RequireAsync(context, connection, cancellationToken));
    }

    /// <summary>Logs that the seed is skipped because the database has other content.</summary>
    public async Task LogSkippedSeedAsync(CancellationToken cancellationToken)
    {
        if (await _seeder.IsForeignAsync(cancellationToken))
        {
            context.Log.LogInformation(
                "Demo data are left out, since the database holds content of its own. Add them all the same with: seed --profile demo");
        }
    }

    private async Task<bool> HasSeedAsync(CancellationToken cancellationToken) =>
        await _seeder.IsAppliedAsync(cancellationToken) || await _seeder.IsForeignAsync(cancellationToken);

    private async Task SeedAsync(CancellationToken cancellationToken)
    {
        if (await HasSeedAsync(cancellationToken))
        {
            await LogSkippedSeedAsync(cancellationToken);
        }
        else
        {
            await WorkerTelemetry.TraceAsync("seed", () => _seeder.ApplyAsync(cancellationToken));
        }
    }

    private async Task AddAdminAsync(CancellationToken cancellationToken)
    {
        var accounts = new AdminStore(connection);
        if (!await accounts.ExistsAsync(cancellationToken))
        {
            await WorkerTelemetry.TraceAsync("first admin", () => accounts.CreateAsync(_admin, cancellationToken));
            context.Log.LogInformation("Made the first admin.");
        }
    }
}

/// <summary>Checks the preconditions of the migrations, which would otherwise fail halfway.</summary>
internal static class DatabaseRequirements
{
    private const string Encoding = "UTF8";

    private const string Elsewhere = """
        SELECT format('ALTER EXTENSION %I SET SCHEMA public', extname) FROM pg_extension
        WHERE extname = ANY ($1) AND extnamespace <> 'public'::regnamespace ORDER BY 1
        """;

    /// <exception cref="UserErrorException">A precondition is not met. The message says how to fix it.</exception>
    public static async Task CheckAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (connection.PostgresParameters["server_encoding"] is var encoding && encoding != Encoding)
        {
            throw new UserErrorException(
                $"The database {connection.Database} has the encoding {encoding}, which lacks characters of titles and names. "
                + $"Give an empty one with: CREATE DATABASE … TEMPLATE template0 ENCODING '{Encoding}'");
        }

        var extensions = SchemaCatalog.ReadExpected().Where(part => part.Kind == "extension").Select(part => part.Name).ToArray();
        if (await connection.ListAsync<string>(Elsewhere, cancellationToken, (object)extensions) is { Count: > 0 } moves)
        {
            throw new UserErrorException(
                $"Migrations and API need their extensions in the schema public. As a superuser run: {string.Join("; ", moves)}");
        }
    }
}
