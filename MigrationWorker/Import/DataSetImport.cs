using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Import;

/// <summary>Stages the files of a data set, continuing an interrupted run, and then writes everything in one transaction.</summary>
internal sealed class DataSetImport(NpgsqlConnection connection, ImportOptions options, ILogger log)
{
    private readonly StagingArea _area = new(connection);
    private readonly DeferredCounts _counts = new(connection);
    private readonly Dictionary<string, Tally> _rows = [];

    /// <summary>Returns the counts of the rows, by kind.</summary>
    /// <exception cref="UserErrorException">The files are damaged, or an option does not fit them.</exception>
    public async Task<IReadOnlyDictionary<string, Tally>> RunAsync(DataSetFiles files, Rejects rejects, CancellationToken cancellationToken)
    {
        var set = files.Set;
        if (options.User is not null && !set.IsPersonal)
        {
            throw new UserErrorException($"{set.Name} holds no ratings of one person: leave --user out.");
        }

        await using var dryRun = options.DryRun ? await connection.BeginTransactionAsync(cancellationToken) : null;
        await _area.PrepareAsync(set.Name, cancellationToken);
        foreach (var source in set.Files)
        {
            if (files.Inputs.TryGetValue(source, out var input))
            {
                var stager = new FileStager(connection, _area, source, options.DryRun, log);
                await WorkerTelemetry.TraceAsync($"read {source.Pattern}", () => stager.RunAsync(input, cancellationToken));
            }
            else
            {
                await _area.ForgetAsync(source.Table, cancellationToken);
            }
        }

        await using var transaction = options.DryRun ? null : await connection.BeginTransactionAsync(cancellationToken);
        await BulkSettings.ApplyAsync(connection, cancellationToken);
        await connection.ExecuteAsync(
            $"""
            LOCK TABLE genres, movies, movie_genres{(set.HasRatings ? ", users, ratings" : "")} IN SHARE ROW EXCLUSIVE MODE;
            ANALYZE {StagingArea.Movies}, {StagingArea.Links}, {StagingArea.Scores}, {StagingArea.Ratings}
            """,
            cancellationToken);
        await AddAsync(files, cancellationToken);
        await _area.ReportAsync(rejects, cancellationToken);
        await _area.DropAsync(cancellationToken);
        if (transaction is not null)
        {
            await transaction.CommitAsync(cancellationToken);
        }

        return _rows;
    }

    private async Task AddAsync(DataSetFiles files, CancellationToken cancellationToken)
    {
        var set = files.Set;
        var ratings = new StagedRatings(connection, _area, set, _counts);
        var staged = await ratings.PrepareAsync(cancellationToken);
        using (new Progress(log, "movies: inserting"))
        {
            var (movies, links, scores) = await WorkerTelemetry.TraceAsync(
                "add movies", () => new StagedMovies(connection, _area).AddAsync(cancellationToken));
            Tell("movies", movies with { Unchanged = movies.Unchanged + ratings.WatchedAgain });
            if (files.Inputs.Keys.Any(file => file.Table == StagingArea.Links))
            {
                Tell("links", links);
            }

            if (set.Files.Any(file => file.Table == StagingArea.Scores))
            {
                Tell("scores", scores);
            }
        }

        if (!set.HasRatings || (set.IsPersonal && staged == 0))
        {
            return;
        }

        using (new Progress(log, $"ratings: inserting {Progress.Count(staged, "row")}"))
        {
            var users = await WorkerTelemetry.TraceAsync("add users", () => ratings.AddUsersAsync(options.User, cancellationToken));
            Tell("users", users);
            var added = await WorkerTelemetry.TraceAsync("add ratings", () => ratings.AddAsync(cancellationToken));
            Tell("ratings", added);
        }

        await WorkerTelemetry.TraceAsync("count", () => _counts.CountAsync(cancellationToken));
    }

    private void Tell(string rows, Tally tally)
    {
        _rows.Add(rows, tally);
        log.LogInformation("{Rows}: {Tally}.", rows, tally);
    }
}

/// <summary>The options of an import.</summary>
/// <param name="DryRun">Whether to only count and reject, without writing.</param>
/// <param name="User">The account that gets the ratings of a personal export; null for one that the import creates.</param>
internal sealed record ImportOptions(bool DryRun = false, string? User = null);
