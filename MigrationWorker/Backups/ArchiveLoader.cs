using System.Diagnostics;
using CliWrap;
using Microsoft.Extensions.Logging;
using MovieAspire.MigrationWorker.Backups.PgTools;
using MovieAspire.MigrationWorker.Bulk;
using MovieAspire.MigrationWorker.Cli;
using MovieAspire.MigrationWorker.Database;
using Npgsql;

namespace MovieAspire.MigrationWorker.Backups;

/// <summary>Fills an empty database from a backup and compares every row with the manifest.</summary>
/// <param name="log">Gets the progress.</param>
/// <param name="finder">Finds <c>pg_restore</c>.</param>
/// <param name="jobs">How many connections load and build indexes at once.</param>
/// <param name="keepOwners">Whether owners and rights are restored. Otherwise everything belongs to the user who restores.</param>
internal sealed class ArchiveLoader(ILogger log, ClientToolsFinder finder, int jobs, bool keepOwners)
{
    // pg_restore 17 and newer sets this parameter on every server. On an older server it is the only harmless error. The server's own
    // message is in its language.
    private const string UnknownSetting = "Command was: SET transaction_timeout";
    private const int FirstWithSetting = 17;

    /// <exception cref="UserErrorException">The restore failed, or the data differs from the manifest.</exception>
    public async Task LoadAsync(Backup backup, ShadowDatabase database, CancellationToken cancellationToken)
    {
        await using var connection = await ServerConnection.OpenAsync(database.Target, database.Name, cancellationToken);
        RestoreChecks.CheckVersion(backup, connection);
        if (backup.IsScript)
        {
            await FillAsync(
                "Restoring a SQL script", backup, database, () => SqlScript.RunAsync(backup.Path, connection, cancellationToken));
        }
        else
        {
            await RestoreAsync(backup, connection, database, cancellationToken);
        }

        await new RestoredContentCheck(log).RunAsync(backup, connection, database, cancellationToken);
    }

    private async Task RestoreAsync(
        Backup backup, NpgsqlConnection connection, ShadowDatabase database, CancellationToken cancellationToken)
    {
        var keepsOwners = keepOwners && await MayKeepOwnersAsync(backup, connection, cancellationToken);
        if (keepsOwners)
        {
            await RestoreChecks.CheckRolesAsync(backup, connection, cancellationToken);
        }

        var tools = await finder.FindAsync(connection, ToolVersion.ParseMajor(backup.Manifest.ToolVersion), cancellationToken);
        var what = $"Restoring with pg_restore {tools.Version.Text} ({tools.Place}), {jobs} at once";
        await FillAsync(what, backup, database, () => RestoreAsync(tools, backup, keepsOwners, connection, database, cancellationToken));
    }

    // Such as a backup from before the database had an owner that is not a superuser.
    private async Task<bool> MayKeepOwnersAsync(Backup backup, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string Superusers = """
            SELECT rolname::text FROM pg_roles
            WHERE rolname = ANY ($1) AND rolsuper AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
            """;
        var superusers = await connection.ListAsync<string>(Superusers, cancellationToken, (object)backup.Manifest.Roles.ToArray());
        if (superusers.Count > 0)
        {
            log.LogInformation(
                "The backup is of the superuser {Roles}: all will belong to {User}, with the rights of the live database.",
                string.Join(", ", superusers), connection.UserName);
        }

        return superusers.Count == 0;
    }

    private async Task FillAsync(string what, Backup backup, ShadowDatabase database, Func<Task> fill)
    {
        var clock = Stopwatch.StartNew();
        await using (var progress = new RestoreProgress(database.Target, database.Name, backup.Manifest.DatabaseSize))
        using (new Progress(log, what, () => progress.Fraction))
        {
            await WorkerTelemetry.TraceAsync("restore", fill);
        }

        log.LogInformation("{What}: {Seconds:0.0} s.", what, clock.Elapsed.TotalSeconds);
    }

    private async Task RestoreAsync(
        ClientTools tools, Backup backup, bool keepsOwners, NpgsqlConnection connection, ShadowDatabase database,
        CancellationToken cancellationToken)
    {
        var tolerant = tools.Version.Major >= FirstWithSetting && connection.PostgreSqlVersion.Major < FirstWithSetting;
        await using var file = await tools.OfferAsync(backup.Path, cancellationToken);
        var restore = await tools.RunAsync(
            ClientTools.Restore,
            [
                "--format=custom", $"--jobs={jobs}", ClientTools.DatabaseArgument(database.Name),
                .. keepsOwners ? Array.Empty<string>() : ["--no-owner", "--no-privileges"],
                .. tolerant ? Array.Empty<string>() : ["--exit-on-error"],
                file.Path,
            ],
            ServerConnection.DescribeToPrograms(database.Target, connection),
            PipeTarget.Null,
            cancellationToken);
        var harmless = tolerant && restore.Errors.Count == restore.Errors.CountOccurrences(UnknownSetting);
        if (restore.ExitCode != 0 && !harmless)
        {
            throw new UserErrorException($"pg_restore {tools.Version.Text} failed. {restore.Errors}");
        }
    }
}

/// <summary>Compares what was restored with the manifest, and analyzes it.</summary>
internal sealed class RestoredContentCheck(ILogger log)
{
    private const string What = "Comparing every row";

    /// <exception cref="UserErrorException">The data differs from the manifest.</exception>
    public async Task RunAsync(Backup backup, NpgsqlConnection connection, ShadowDatabase database, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        using (new Progress(log, What))
        {
            await Task.WhenBothAsync(
                stop => WorkerTelemetry.TraceAsync("compare", () => CompareAsync(backup, connection, stop)),
                stop => WorkerTelemetry.TraceAsync("analyze", () => AnalyzeAsync(database, stop)),
                cancellationToken);
        }

        log.LogInformation("{What}: {Seconds:0.0} s.", What, clock.Elapsed.TotalSeconds);
    }

    private static async Task CompareAsync(Backup backup, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var differences = ContentDifference.Between(backup.Manifest.Tables, await ContentReader.ReadAsync(connection, cancellationToken));
        if (differences.Count > 0)
        {
            throw new DamagedBackupException(
                $"The restored data differ from the manifest of {backup.Path}: {string.Join("; ", differences)}.");
        }
    }

    // Without statistics, the first queries on the new database would get bad plans.
    private static async Task AnalyzeAsync(ShadowDatabase database, CancellationToken cancellationToken)
    {
        await using var connection = await ServerConnection.OpenAsync(database.Target, database.Name, cancellationToken);
        await connection.ExecuteAsync("ANALYZE", cancellationToken);
    }
}

/// <summary>Measures the progress of a restore by the size of its database.</summary>
internal sealed class RestoreProgress : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private double _fraction;

    public RestoreProgress(NpgsqlConnectionStringBuilder target, string database, long expectedSize) =>
        _watching = WatchAsync(target, database, expectedSize);

    /// <summary>From 0 to 1.</summary>
    public double Fraction => Volatile.Read(ref _fraction);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync(NpgsqlConnectionStringBuilder target, string database, long expectedSize)
    {
        try
        {
            await using var maintenance = await ServerConnection.OpenMaintenanceAsync(target, _stop.Token);
            while (true)
            {
                var size = await maintenance.ScalarAsync<long>("SELECT pg_database_size($1::name)", _stop.Token, database);
                Volatile.Write(ref _fraction, Math.Min(1, (double)size / Math.Max(1, expectedSize)));
                await Task.Delay(Interval, _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or NpgsqlException)
        {
            // Stopped, or the server is gone, which the restore itself reports.
        }
    }
}
