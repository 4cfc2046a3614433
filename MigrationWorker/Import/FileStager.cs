using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using Npgsql;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>Streams a file into its staging table, and commits the progress regularly, unless the caller has a transaction.</summary>
internal sealed class FileStager(NpgsqlConnection connection, StagingArea area, SourceFile source, bool isInTransaction, ILogger log)
{
    private const int BatchSize = 250_000;

    /// <exception cref="UserErrorException">The file is damaged.</exception>
    public async Task RunAsync(InputFile input, CancellationToken cancellationToken)
    {
        await using var again = await ReadAsync(input, cancellationToken) ? null : InputFile.Open(input.Path);
        if (again is not null)
        {
            // Not the file that the interrupted run has read.
            await area.ForgetAsync(source.Table, cancellationToken);
            await ReadAsync(again, cancellationToken);
        }
    }

    private async Task<bool> ReadAsync(InputFile input, CancellationToken cancellationToken)
    {
        using var rows = new DelimitedReader(input.Content, source.Separator, source.HasQuotes);
        try
        {
            var done = input.IsFile ? await area.FindProgressAsync(source.Table, input.Name, cancellationToken) : null;
            if (done is { } before)
            {
                if (!await rows.TryContinueAsync(before.Line, before.Position, before.Hash, cancellationToken))
                {
                    return false;
                }

                log.LogInformation("{File}: continuing after line {Line:N0}.", input.Name, before.Line);
            }
            else
            {
                await area.ForgetAsync(source.Table, cancellationToken);
                _ = source.HasHeader && await rows.ReadAsync(cancellationToken);
            }

            using var progress = new Progress(log, input.Name, () => input.Fraction);
            while (await BatchAsync(input.Name, rows, progress, cancellationToken))
            {
            }

            return true;
        }
        catch (InvalidDataException e)
        {
            throw new UserErrorException($"{input.Path}, after line {rows.LastLine}: {e.Message}.", e);
        }
    }

    private async Task<bool> BatchAsync(string file, DelimitedReader rows, Progress progress, CancellationToken cancellationToken)
    {
        await using var transaction = isInTransaction ? null : await connection.BeginTransactionAsync(cancellationToken);
        var rejected = new List<(long Line, string Reason, bool IsNote)>();
        var notes = new List<string>();
        var (skipped, goesOn) = (0L, true);
        var copy = $"COPY {source.Table} FROM STDIN (FORMAT binary)";
        await using (var staging = await connection.BeginBinaryImportAsync(copy, cancellationToken))
        {
            for (var i = 0; i < BatchSize && (goesOn = await rows.ReadAsync(cancellationToken)); i++)
            {
                var reason = rows.Problem ?? source.Stage(rows, staging, notes);
                if (reason == SourceFile.Skipped)
                {
                    skipped++;
                }
                else if (reason is not null)
                {
                    rejected.Add((rows.Line, reason, false));
                }
                else
                {
                    rejected.AddRange(notes.Select(note => (rows.Line, note, true)));
                }

                notes.Clear();
                progress.Add(1);
            }

            await staging.CompleteAsync(cancellationToken);
        }

        await area.SaveProgressAsync(source.Table, file, rows, rejected, skipped, cancellationToken);
        if (transaction is not null)
        {
            await transaction.CommitAsync(cancellationToken);
        }

        return goesOn;
    }
}
