using System.CommandLine;
using Microsoft.Extensions.Logging;
using MovieAspire.Data.Migrations;
using MovieAspire.Data.Schema;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Migrations;

/// <summary>
/// Records migrations as applied in a database whose schema was created by other means, after comparing it. Runs no migration.
/// </summary>
internal sealed class BaselineCommand : WorkerCommand
{
    private readonly Option<string?> _to = new("--to")
    {
        Description = "The migration that the database is at: its id or its name. Default: the latest.",
        HelpName = "NAME",
    };

    public BaselineCommand()
        : base(
            "baseline",
            "Records a database that another way brought to a known schema as migrated, after comparing the schema. Runs no migration.") =>
        Options.Add(_to);

    protected override async Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var workerLock = await WorkerLock.AcquireAsync(context, ServerWait.OpenAsync, cancellationToken);
        var connection = workerLock.Connection;
        var state = await MigrationState.ReadAsync(connection, cancellationToken);
        var target = MigrationPlan.FindId(state, arguments.GetValue(_to) ?? MigrationScript.LatestId);
        if (state.Applied.FirstOrDefault(id => string.CompareOrdinal(id, target) > 0) is { } later)
        {
            throw new UserErrorException($"The database is recorded at {later}, which comes after {target}. Nothing was recorded.");
        }

        var scripts = state.Scripts.Where(script => string.CompareOrdinal(script.Id, target) <= 0).ToList();
        var missing = scripts.Where(script => !state.Applied.Contains(script.Id) || state.NotRecorded.Contains(script.Id)).ToList();
        if (missing.Count == 0)
        {
            context.Log.LogInformation("Every migration up to {Migration} is recorded: nothing to do.", target);
            return ExitCode.Ok;
        }

        var drift = await KnownSchema.CompareAsync(context, connection, target, cancellationToken);

        // The bookkeeping tables may be missing if neither the worker nor EF Core created the schema.
        var bookkeeping = drift.Where(difference => difference.Problem == DriftKind.Missing
            && difference.Object.Split(' ') is ["table", var table] && BookkeepingTables.Contains(table)).ToList();
        if (!KnownSchema.IsSame(context, drift.Except(bookkeeping), target))
        {
            context.Log.LogError(
                "The schema is not that of {Migration}, as listed above. Nothing was recorded. "
                + "Fix it, or name the migration that the database is at with --to.", target);
            return ExitCode.No;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(
            string.Join('\n', [CreateHistory, .. bookkeeping.Select(table => table.Fix)]), cancellationToken);
        foreach (var script in missing)
        {
            var record = state.Applied.Contains(script.Id) ? "" : SqlSplitter.Split(script.Up).Last().Text + ";";
            await connection.ExecuteAsync($"{record} {new MigrationStep(script, IsUp: true).Record}", cancellationToken);
        }

        await context.Rights().ApplyAsync(connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        foreach (var script in missing)
        {
            context.Log.LogInformation("Recorded {Migration}.", script.Id);
        }

        return ExitCode.Ok;
    }

    // The first statement of the first migration creates the table if it is missing.
    private static string CreateHistory => SqlSplitter.Split(MigrationScript.All[0].Up).First().Text + ";";
}

/// <summary>Compares a database with the schema of one of this build's migrations.</summary>
internal static class KnownSchema
{
    /// <summary>The differences. The schema of a migration before the latest is built in a temporary database.</summary>
    public static async Task<IReadOnlyList<SchemaDrift>> CompareAsync(
        CommandContext context, NpgsqlConnection connection, string migration, CancellationToken cancellationToken) =>
        await SchemaDrift.FindAsync(
            connection, cancellationToken,
            migration == MigrationScript.LatestId ? null : await BuildAsync(context, migration, cancellationToken));

    /// <summary>
    /// Logs the differences. Extra objects, such as the tables of another tool, are harmless, unless a later migration creates them.
    /// </summary>
    public static bool IsSame(CommandContext context, IEnumerable<SchemaDrift> drift, string migration)
    {
        var isSame = true;
        var latest = SchemaCatalog.ReadExpected().Select(part => $"{part.Kind} {part.Name}").ToHashSet();
        foreach (var difference in drift)
        {
            if (difference.Problem == DriftKind.Extra && latest.Contains(difference.Object))
            {
                isSame = false;
                context.Log.LogError("{Object} is of a later migration than {Migration}.", difference.Object, migration);
            }
            else if (difference.Problem == DriftKind.Extra)
            {
                context.Log.LogWarning("{Object} is not of {Migration}.", difference.Object, migration);
            }
            else
            {
                isSame = false;
                context.Log.LogError("{Difference}; fix: {Fix}", difference.Describe(), difference.Fix);
            }
        }

        return isSame;
    }

    private static async Task<IReadOnlyList<SchemaObject>> BuildAsync(
        CommandContext context, string migration, CancellationToken cancellationToken)
    {
        await using var shadow = await ShadowDatabase.CreateAsync(
            context.ConnectionString(), ShadowDatabaseName.Verifying, cancellationToken);
        await using var connection = await ServerConnection.OpenAsync(shadow.Target, shadow.Name, cancellationToken);
        foreach (var script in MigrationScript.All.TakeWhile(script => string.CompareOrdinal(script.Id, migration) <= 0))
        {
            foreach (var statement in SqlSplitter.Split(script.Up))
            {
                await connection.ExecuteAsync(statement.Text, cancellationToken);
            }
        }

        return await SchemaCatalog.ReadAsync(connection, cancellationToken);
    }
}
