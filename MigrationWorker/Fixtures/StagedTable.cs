using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Fixtures;

/// <summary>Loads one table: copies its records to a staging table, checks them there, and inserts missing rows.</summary>
internal sealed class StagedTable(
    NpgsqlConnection connection, FixtureTable table, LoadOptions options, DeferredCounts counts, Rejects rejects, ILogger log)
{
    private readonly StagingSql _sql = new(table);
    private long _staged;
    private long _rejected;
    private bool _isComposed = true;

    /// <summary>Reads all records of the table.</summary>
    public async Task StageAsync(FixtureReader file, Func<double> fraction, CancellationToken cancellationToken)
    {
        using var progress = new Progress(log, $"{table.Name}: read", fraction);
        await connection.ExecuteAsync(_sql.Create, cancellationToken);
        await using var rows = await connection.BeginBinaryImportAsync(_sql.Copy, cancellationToken);
        var record = new RecordReader(table.Fields);
        while (await file.RecordAsync(cancellationToken))
        {
            if (record.Read(file.Record.Span) is { } reason)
            {
                rejects.Add(table.Name, file.Line, reason);
                _rejected++;
            }
            else
            {
                await record.WriteAsync(file.Line, rows, cancellationToken);
            }

            progress.Add(1);
        }

        await rows.CompleteAsync(cancellationToken);
        _isComposed = record.IsComposed;
    }

    /// <summary>
    /// Writes the records to the table and returns the counts. <paramref name="lastMovie"/> is the highest id of a movie before the load.
    /// </summary>
    public async Task<Tally> ApplyAsync(long lastMovie, CancellationToken cancellationToken)
    {
        // Blocks other writers of this table until the end of the load, and readers, too, if it is empty.
        await connection.ExecuteAsync($"LOCK TABLE {table.Name} IN SHARE ROW EXCLUSIVE MODE", cancellationToken);
        foreach (var field in _isComposed ? [] : table.Fields.Where(field => field.IsLine))
        {
            await connection.ExecuteAsync(_sql.Compose(field), cancellationToken);
        }

        await CheckAsync(cancellationToken);
        await connection.ExecuteAsync(_sql.Analyze, cancellationToken);
        _staged = await connection.ScalarAsync<long>(_sql.Count, cancellationToken);
        var updated = await FindMoviesAsync(cancellationToken);
        if (options.Overwrite && _sql.Overwrite is { } overwrite)
        {
            updated = Math.Max(updated, await connection.ExecuteAsync(overwrite, cancellationToken));
        }

        Tally tally;
        using (new Progress(log, $"{table.Name}: inserting {Progress.Count(_staged, "row")}"))
        {
            var inserted = await InsertAsync(lastMovie, cancellationToken);
            tally = new Tally(inserted, updated, _staged - inserted - updated, _rejected);
            Report(tally);
        }

        await connection.ExecuteAsync(_sql.Drop, cancellationToken);
        return tally;
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        var rules = await connection
            .QueryAsync(_sql.Rules, row => (row.GetString(0), row.GetString(1)), cancellationToken)
            .ToListAsync(cancellationToken);
        await RejectAsync(_sql.RejectInvalid([.. _sql.OwnRules, .. rules]), cancellationToken);
        foreach (var column in table.AlsoUnique)
        {
            await RejectAsync(_sql.RejectDuplicates(table.Key), cancellationToken);
            await RejectAsync(_sql.RejectDuplicates([column]), cancellationToken);
            await RejectAsync(_sql.RejectConflicts(column), cancellationToken);
        }
    }

    // The day of a movie may be known only in the file or only in the database. Returns the number of movies whose day was set.
    private async Task<long> FindMoviesAsync(CancellationToken cancellationToken)
    {
        var filled = table.Name == "movies" ? await connection.ExecuteAsync(_sql.FillDays, cancellationToken) : 0;
        if (_sql.FindMovies is { } find)
        {
            await connection.ExecuteAsync(find, cancellationToken);
        }

        return filled;
    }

    private async Task<long> InsertAsync(long lastMovie, CancellationToken cancellationToken)
    {
        var insert = new BulkInsert(
            connection,
            table.Name,
            token => table.Name == "movie_genres" ? InsertGenresAsync(lastMovie, token) : connection.ExecuteAsync(_sql.Insert, token))
        {
            Counts = counts,
            RejectDuplicates = token => RejectAsync(_sql.RejectDuplicates(table.KeyFields.Select(field => field.Name)), token),
        };
        var inserted = await insert.RunAsync(_staged, cancellationToken);
        if (inserted < _staged)
        {
            foreach (var reference in table.References)
            {
                await RejectAsync(_sql.RejectMissingReferences(reference), cancellationToken);
            }
        }

        return inserted;
    }

    // Elsewhere a trigger gives a movie a new version when its genres change; here the movies of the file keep the version that the file
    // says, and only those that were there before get a new one.
    private async Task<long> InsertGenresAsync(long lastMovie, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync("ALTER TABLE movie_genres DISABLE TRIGGER movie_genres_inserted", cancellationToken);
        var inserted = await connection.ScalarAsync<long>(
            $"""
            WITH inserted AS ({_sql.Insert} RETURNING movie_id),
                touched AS (
                    UPDATE movies SET updated_at = now()
                    WHERE id <= $1 AND updated_at <> now() AND id IN (SELECT movie_id FROM inserted))
            SELECT count(*) FROM inserted
            """,
            cancellationToken,
            lastMovie);
        await connection.ExecuteAsync("ALTER TABLE movie_genres ENABLE TRIGGER movie_genres_inserted", cancellationToken);
        return inserted;
    }

    private async Task<long> RejectAsync(string sql, CancellationToken cancellationToken)
    {
        var before = rejects.Count;
        await foreach (var (line, reason) in connection.QueryAsync(sql, row => (row.GetInt64(0), row.GetString(1)), cancellationToken))
        {
            rejects.Add(table.Name, line, reason);
        }

        var rejected = rejects.Count - before;
        _staged -= rejected;
        _rejected += rejected;
        return rejected;
    }

    private void Report(Tally tally)
    {
        if (tally.Read > 0)
        {
            log.LogInformation(
                "{Table}: {Tally}{Hint}.", table.Name, tally,
                tally.Unchanged > 0 && !options.Overwrite ? " (--overwrite gives unchanged ones the file's values)" : "");
        }
    }
}
