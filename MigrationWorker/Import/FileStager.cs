using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>Streams a file into its staging table, and commits every so often how far it has come.</summary>
internal sealed class FileStager(NpgsqlConnection connection, SourceFile source, string path, ILogger log)
{
    private const int BatchSize = 250_000;
    private readonly string _progress = $"{StagingArea.Schema}.progress";

    // A file that changed between two runs is read from its start.
    private string Version =>
        string.Create(CultureInfo.InvariantCulture, $"{new FileInfo(path).Length} {File.GetLastWriteTimeUtc(path):O}");

    /// <exception cref="UserErrorException">The file is not what its name says.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var (table, columns) = source.Staging;
        await using var file = InputFile.Open(path);
        var rows = new DelimitedReader(file.Content, source.Separator, source.HasQuotes);

        // What an earlier run has read counts only where its table is there: another build may have called it otherwise.
        var isThere = await connection.ScalarAsync<bool>("SELECT to_regclass($1) IS NOT NULL", cancellationToken, table);
        var done = isThere ? await DoneAsync(cancellationToken) : null;
        await connection.ExecuteAsync($"CREATE UNLOGGED TABLE IF NOT EXISTS {table} (line bigint NOT NULL, {columns})", cancellationToken);
        try
        {
            await (done is { } before ? ContinueAsync(file, rows, before, cancellationToken) : BeginAsync(rows, cancellationToken));
            using var progress = new Progress(log, source.Name, () => file.Fraction);
            while (await BatchAsync(rows, progress, cancellationToken))
            {
            }
        }
        catch (InvalidDataException e)
        {
            throw new UserErrorException($"{path}, after line {rows.Line}: the gzip data is damaged or cut off: {e.Message}", e);
        }
    }

    private async Task<(long Line, long Position)?> DoneAsync(CancellationToken cancellationToken) =>
        await connection
            .QueryAsync(
                $"SELECT line, position FROM {_progress} WHERE file = $1 AND version = $2",
                row => ((long, long)?)(row.GetInt64(0), row.GetInt64(1)),
                cancellationToken,
                source.Name, Version)
            .FirstOrDefaultAsync(cancellationToken);

    private async Task ContinueAsync(
        InputFile file, DelimitedReader rows, (long Line, long Position) before, CancellationToken cancellationToken)
    {
        log.LogInformation("{File}: continuing after line {Line:N0}.", source.Name, before.Line);
        await file.SkipAsync(before.Position, cancellationToken);
        rows.ContinueAfter(before.Line, before.Position);
    }

    private async Task BeginAsync(DelimitedReader rows, CancellationToken cancellationToken)
    {
        string[] found = await rows.ReadAsync(cancellationToken)
            ? [.. Enumerable.Range(0, rows.Count).Select(i => Encoding.UTF8.GetString(rows[i]))]
            : [];
        if (!found.SequenceEqual(source.Header))
        {
            throw new UserErrorException(
                $"{path} is not the published file: its first line should name the columns {string.Join(", ", source.Header)}.");
        }

        await connection.ExecuteAsync(
            $"""
            TRUNCATE {source.Staging.Table};
            DELETE FROM {StagingArea.Schema}.rejects WHERE file = '{source.Name}';
            DELETE FROM {_progress} WHERE file = '{source.Name}'
            """,
            cancellationToken);
    }

    private async Task<bool> BatchAsync(DelimitedReader rows, Progress progress, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var rejected = new List<(long Line, string Reason)>();
        var goesOn = true;
        var copy = $"COPY {source.Staging.Table} FROM STDIN (FORMAT binary)";
        await using (var staging = await connection.BeginBinaryImportAsync(copy, cancellationToken))
        {
            for (var i = 0; i < BatchSize && (goesOn = await rows.ReadAsync(cancellationToken)); i++)
            {
                if ((rows.Problem ?? source.Stage(rows, staging)) is { Length: > 0 } reason)
                {
                    rejected.Add((rows.Line, reason));
                }

                progress.Add(1);
            }

            await staging.CompleteAsync(cancellationToken);
        }

        await SaveAsync(rows, rejected, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return goesOn;
    }

    private Task<long> SaveAsync(DelimitedReader rows, List<(long Line, string Reason)> rejected, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(
        $"""
        WITH rejected AS (INSERT INTO {StagingArea.Schema}.rejects SELECT $1, line, reason FROM unnest($5, $6) AS r (line, reason))
        INSERT INTO {_progress} VALUES ($1, $2, $3, $4)
        ON CONFLICT (file) DO UPDATE SET version = excluded.version, line = excluded.line, position = excluded.position
        """,
        cancellationToken,
        source.Name, Version, rows.Line, rows.Position,
        rejected.Select(reject => reject.Line).ToArray(), rejected.Select(reject => reject.Reason).ToArray());
}
