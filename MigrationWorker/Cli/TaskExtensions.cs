using System.Runtime.ExceptionServices;

namespace MovieAspire.MigrationWorker.Cli;

/// <summary>Runs two tasks at once, of which neither is of use without the other.</summary>
internal static class Together
{
    /// <summary>When one fails the other is cancelled and awaited, and the first failure is thrown.</summary>
    public static async Task RunAsync(Func<CancellationToken, Task> first, Func<CancellationToken, Task> second, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Exception? failure = null;
        await Task.WhenAll(Guard(first), Guard(second));
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        async Task Guard(Func<CancellationToken, Task> work)
        {
            try
            {
                await work(stop.Token);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, e, null);
                await stop.CancelAsync();
            }
        }
    }
}
