using System.Runtime.ExceptionServices;

namespace MovieAspire.MigrationWorker.Cli;

internal static class TaskExtensions
{
    extension(Task)
    {
        /// <summary>Runs two tasks at once. When one fails the other is cancelled and awaited, and the first failure is thrown.</summary>
        public static async Task WhenBothAsync(
            Func<CancellationToken, Task> first, Func<CancellationToken, Task> second, CancellationToken cancellationToken)
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
}
