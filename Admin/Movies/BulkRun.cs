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

/// <summary>
/// One request after the other for many items. Each succeeds or fails by itself, and what failed can be tried again. A failure that is not
/// about its item is waited out, or ends the run.
/// </summary>
/// <param name="changed">Told of progress, on any thread, now and then.</param>
/// <param name="clock">Measures how long nothing answers.</param>
public sealed class BulkRun(Func<Task> changed, TimeProvider clock)
{
    /// <summary>At once. The API has other clients.</summary>
    private const int Parallel = 4;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Longer than a restart of the API takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private DateTimeOffset _told;
    private DateTimeOffset _answered;

    /// <summary>What has been done.</summary>
    public ConcurrentDictionary<long, bool> Done { get; } = [];

    /// <summary>What could not be done in the last run, and why.</summary>
    public ConcurrentDictionary<long, ApiError> Failed { get; } = [];

    /// <summary>Why the last run ended with items that were not tried; null where it did not, or where the user stopped it.</summary>
    public ApiError? Interruption { get; private set; }

    public bool IsRunning { get; private set; }

    /// <summary>Why nothing goes on at the moment.</summary>
    public string? Waiting { get; private set; }

    /// <summary>Does it to each item that is not done yet.</summary>
    public async Task RunAsync(
        IReadOnlyCollection<long> items, Func<long, CancellationToken, Task> request, CancellationToken cancellationToken)
    {
        Failed.Clear();
        (IsRunning, Interruption, _answered) = (true, null, clock.GetUtcNow());
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = ending.Token };
            await System.Threading.Tasks.Parallel.ForEachAsync(items.Where(item => !Done.ContainsKey(item)), options, RunOneAsync);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Stopped by the user, or interrupted; the rest can be tried again.
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
                // The loop is told of an interruption on another thread, and goes on until then.
                ending.Token.ThrowIfCancellationRequested();
                var error = await ApiError.CatchAsync(() => request(item, token));
                if (error is { IsSessionEnded: true } or { Code: Problem_code.Forbidden }
                    || (error is { IsNoAnswer: true } && clock.GetUtcNow() - _answered > Patience))
                {
                    Interruption = error;
                    await ending.CancelAsync();
                    return;
                }

                if (Pause(error) is var (pause, reason))
                {
                    Waiting = reason;
                    await changed();
                    await Task.Delay(pause, token);
                    continue;
                }

                (Waiting, _answered) = (null, clock.GetUtcNow());
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

    /// <summary>How long to wait before the same request is made again; null where that is not the way.</summary>
    private static (TimeSpan Pause, string Reason)? Pause(ApiError? error)
    {
        if (error is { IsNoAnswer: true })
        {
            return (TimeSpan.FromSeconds(1), "The API does not answer; it may be restarting. This goes on by itself as soon as it does.");
        }

        if (error is { Code: Problem_code.Too_many_requests })
        {
            // The API's limit of writes a minute.
            var pause = error.RetryAfter ?? TimeSpan.FromSeconds(5);
            return (pause, $"The API takes no more changes for the moment. This goes on by itself within {pause.TotalSeconds:N0} s.");
        }

        return null;
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
