using System.Collections.Concurrent;
using MovieAspire.Admin.Connection;
using MovieAspire.ApiClient.Models;

namespace MovieAspire.Admin.Movies;

/// <summary>What is done to many movies.</summary>
public enum BulkChange
{
    Genres,
    Delete,
}

/// <summary>One request after the other for many items. Each succeeds or fails by itself, and what failed can be tried again.</summary>
/// <param name="changed">Told of progress, on any thread, now and then.</param>
public sealed class BulkRun(Func<Task> changed)
{
    /// <summary>At once. The API has other clients.</summary>
    private const int Parallel = 4;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private DateTimeOffset _told;

    /// <summary>What has been done.</summary>
    public ConcurrentDictionary<long, bool> Done { get; } = [];

    /// <summary>What could not be done in the last run, and why.</summary>
    public ConcurrentDictionary<long, ApiError> Failed { get; } = [];

    public bool IsRunning { get; private set; }

    /// <summary>Why nothing goes on at the moment.</summary>
    public string? Waiting { get; private set; }

    /// <summary>Does it to each item that is not done yet.</summary>
    public async Task RunAsync(
        IReadOnlyCollection<long> items, Func<long, CancellationToken, Task> request, CancellationToken cancellationToken)
    {
        Failed.Clear();
        IsRunning = true;
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken };
            await System.Threading.Tasks.Parallel.ForEachAsync(items.Where(item => !Done.ContainsKey(item)), options, RunOneAsync);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped by the user; the rest can be tried again.
        }
        finally
        {
            (IsRunning, Waiting) = (false, null);
            await changed();
        }

        async ValueTask RunOneAsync(long item, CancellationToken token)
        {
            while (true)
            {
                var error = await ApiError.CatchAsync(() => request(item, token));
                if (error?.Code == Problem_code.Too_many_requests)
                {
                    // The API's limit of writes a minute.
                    var pause = error.RetryAfter ?? TimeSpan.FromSeconds(5);
                    Waiting = $"The API takes no more changes for the moment. This goes on by itself in {pause.TotalSeconds:N0} s.";
                    await changed();
                    await Task.Delay(pause, token);
                    continue;
                }

                Waiting = null;
                if (error is null)
                {
                    Done[item] = true;
                }
                else
                {
                    Failed[item] = error;
                }

                await TellAsync();
                return;
            }
        }
    }

    private Task TellAsync()
    {
        lock (_lock)
        {
            var now = DateTimeOffset.UtcNow;
            if (now - _told < Interval)
            {
                return Task.CompletedTask;
            }

            _told = now;
        }

        return changed();
    }
}
