using System.CommandLine;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;

namespace MovieAspire.MigrationWorker.Migrations;

/// <summary>Accepts migrations that were changed after they were applied, if the schema matches their current SQL.</summary>
internal sealed class RepairCommand : WorkerCommand
{
    private readonly Option<bool> _yes = new("--yes") { Description = "Write the checksums of this build." };

    public RepairCommand()
        : base(
            "repair",
            "Corrects the checksums of migrations that were changed after they were applied, after comparing the schema. "
            + "Without --yes it only lists them.") =>
        Options.Add(_yes);

    protected override async Task<int> RunAsync(CommandContext context, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var workerLock = await WorkerLock.AcquireAsync(context, ServerWait.OpenAsync, cancellationToken);
        var connection = workerLock.Connection;
        var state = await MigrationState.ReadAsync(connection, cancellationToken);
        if (state.Changed.Count == 0)
        {
            context.Log.LogInformation("Every checksum is that of this build: nothing to do.");
            return ExitCode.Ok;
        }

        if (state.Unknown.Count > 0)
        {
            throw new UserErrorException(
                $"A newer build applied {string.Join(", ", state.Unknown)}, so that this one cannot compare the schema: use that build.");
        }

        var last = state.Applied[^1];
        if (!KnownSchema.IsSame(context, await KnownSchema.CompareAsync(context, connection, last, cancellationToken), last))
        {
            context.Log.LogError(
                "The schema is not that of {Migration}, as listed above, so the changed migrations did not make it. Nothing was changed.", last);
            return ExitCode.No;
        }

        var changed = state.Scripts.Where(script => state.Changed.Contains(script.Id)).ToList();
        foreach (var script in changed)
        {
            context.Log.LogInformation(
                "{Migration}: applied with checksum {Applied}, this build has {Own}.",
                script.Id, state.Checksums[script.Id].Trim(), script.Checksum);
        }

        if (!arguments.GetValue(_yes))
        {
            throw new UserErrorException(
                "Nothing was changed. The schema is what this build's migrations make; look at what was changed in them "
                + "(data that they write is not compared), then add --yes.");
        }

        await connection.ExecuteAsync(
            string.Join(";\n", changed.Select(script => new MigrationStep(script, IsUp: true).Record)), cancellationToken);
        context.Log.LogInformation("Corrected {Count} checksums.", changed.Count);
        return ExitCode.Ok;
    }
}
