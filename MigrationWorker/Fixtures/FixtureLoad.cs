using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using MovieAspire.MigrationWorker.Migrations;
using Npgsql;

namespace MovieAspire.MigrationWorker.Fixtures;

/// <summary>Loads a fixture in one transaction: all of it or nothing.</summary>
internal sealed class FixtureLoad(NpgsqlConnection connection, LoadOptions options, Rejects rejects, ILogger log)
{
    private readonly DeferredCounts _counts = new(connection);
    private readonly Dictionary<string, Tally> _rows = [];

    /// <summary>
    /// Loads the document, whose name is for messages, and returns the counts by table. <paramref name="fraction"/> returns how much of it
    /// has been read, 0 to 1.
    /// </summary>
    /// <exception cref="UserErrorException">It cannot be loaded. Nothing was changed.</exception>
    public async Task<IReadOnlyDictionary<string, Tally>> RunAsync(
        Stream stream, string file, Func<double> fraction, CancellationToken cancellationToken)
    {
        await MigrationState.RequireCurrentAsync(connection, cancellationToken);
        var reader = new FixtureReader(stream, file);
        await reader.HeaderAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await BulkSettings.ApplyAsync(connection, cancellationToken);
        await connection.ExecuteAsync(StagingSql.KeepJoinOrder, cancellationToken);
        var lastMovie = await connection.ScalarAsync<long>("SELECT coalesce(max(id), 0) FROM movies", cancellationToken);
        var before = -1;
        while (await reader.TableAsync(cancellationToken) is { } name)
        {
            var position = FixtureTables.All.Select(table => table.Name).ToList().IndexOf(name);
            RequireOrder(reader, name, position, before);
            before = position;
            await WorkerTelemetry.TraceAsync(
                $"load {name}", () => LoadAsync(FixtureTables.All[position], reader, fraction, lastMovie, cancellationToken));
        }

        if (rejects.Count > 0 && !options.SkipRejects)
        {
            throw new UserErrorException(
                $"{Progress.Count(rejects.Count, "record")} of {file} rejected, so nothing {(options.DryRun ? "would be" : "was")} loaded. "
                + "Fix the file, or load the rest with --skip-rejects.");
        }

        await WorkerTelemetry.TraceAsync("count", () => _counts.CountAsync(cancellationToken));
        if (!options.DryRun)
        {
            await transaction.CommitAsync(cancellationToken);
        }

        return _rows;
    }

    private async Task LoadAsync(
        FixtureTable table, FixtureReader reader, Func<double> fraction, long lastMovie, CancellationToken cancellationToken)
    {
        var staged = new StagedTable(connection, table, options, _counts, rejects, log);
        await staged.StageAsync(reader, fraction, cancellationToken);
        if (table.HasId && !options.DryRun)
        {
            await connection.ExecuteAsync(RepairSequence(table.Name), cancellationToken);
        }

        _rows.Add(table.Name, await staged.ApplyAsync(lastMovie, cancellationToken));
    }

    // Keys that were set by hand may be ahead of the sequence, which would then return them again.
    private static string RepairSequence(string table) => $"""
        SELECT setval(sequence, last) FROM (SELECT pg_get_serial_sequence('{table}', 'id') AS sequence, max(id) AS last FROM {table}) t
        WHERE last > coalesce(pg_sequence_last_value(sequence::regclass), 0)
        """;

    private static void RequireOrder(FixtureReader reader, string name, int position, int before)
    {
        var names = string.Join(", ", FixtureTables.All.Select(table => table.Name));
        if (position < 0)
        {
            throw reader.Unexpected($"there is no table \"{name}\"; there are: {names}");
        }

        if (position <= before)
        {
            throw reader.Unexpected($"the table \"{name}\" stands too late or twice; the order is: {names}");
        }
    }
}

/// <summary>The options of a load.</summary>
/// <param name="Overwrite">Whether existing rows get the file's values. Otherwise they stay as they are.</param>
/// <param name="SkipRejects">Whether to load the rest if records are rejected. Otherwise nothing is loaded.</param>
/// <param name="DryRun">Whether to only count and reject, without writing.</param>
internal sealed record LoadOptions(bool Overwrite = false, bool SkipRejects = false, bool DryRun = false);
