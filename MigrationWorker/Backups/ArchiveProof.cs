using System.Diagnostics;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>Proves that what was restored is what was backed up, and makes it ready for use.</summary>
internal sealed class ArchiveProof(ILogger log)
{
    private const string What = "Comparing every row";

    /// <exception cref="WorkerException">Something differs from what the manifest says.</exception>
    public async Task ProveAsync(Backup backup, NpgsqlConnection connection, AsideDatabase database, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        using (new Progress(log, What))
        {
            await Together.RunAsync(
                stop => Steps.RunAsync("compare", () => CompareAsync(backup, connection, stop)),
                stop => Steps.RunAsync("analyze", () => AnalyzeAsync(database, stop)),
                cancellationToken);
        }

        log.LogInformation("{What}: {Seconds:0.0} s.", What, clock.Elapsed.TotalSeconds);
    }

    private static async Task CompareAsync(Backup backup, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var differences = ContentDifference.Between(backup.Manifest.Tables, await ContentReader.ReadAsync(connection, backup.Manifest.Format, cancellationToken));
        if (differences.Count > 0)
        {
            throw new WorkerException($"What was restored is not what {backup.Path} should hold: {string.Join("; ", differences)}.");
        }
    }

    // Without statistics the first queries on the new database would be planned blindly.
    private static async Task AnalyzeAsync(AsideDatabase database, CancellationToken cancellationToken)
    {
        await using var connection = await ServerConnection.OpenAsync(database.Target, database.Name, cancellationToken);
        await connection.RunAsync("ANALYZE", cancellationToken);
    }
}
