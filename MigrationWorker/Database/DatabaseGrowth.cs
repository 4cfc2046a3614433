using Npgsql;

namespace MovieAspire.MigrationWorker.Database;

/// <summary>Watches a database grow to the size that it is expected to reach, to tell how far a restore is.</summary>
internal sealed class DatabaseGrowth : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _enough = new();
    private readonly Task _watching;
    private double _share;

    public DatabaseGrowth(NpgsqlConnectionStringBuilder target, string database, long expectedSize) =>
        _watching = WatchAsync(target, database, expectedSize);

    /// <summary>From 0 to 1.</summary>
    public double Share => Volatile.Read(ref _share);

    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        await _watching;
        _enough.Dispose();
    }

    private async Task WatchAsync(NpgsqlConnectionStringBuilder target, string database, long expectedSize)
    {
        try
        {
            await using var maintenance = await ServerConnection.OpenMaintenanceAsync(target, _enough.Token);
            while (true)
            {
                var size = (await maintenance.ListAsync<long>("SELECT pg_database_size($1::name)", _enough.Token, database)).Single();
                Volatile.Write(ref _share, Math.Min(1, (double)size / Math.Max(1, expectedSize)));
                await Task.Delay(Interval, _enough.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or NpgsqlException)
        {
            // Told to stop, or the server went away, which the restore itself will report.
        }
    }
}
