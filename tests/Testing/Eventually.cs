using System.Diagnostics;

namespace MovieAspire.Testing;

/// <summary>Polls with a deadline for the effect of another process.</summary>
public static class Eventually
{
    private static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    /// <summary>Waits until <paramref name="condition"/> holds.</summary>
    /// <exception cref="TimeoutException">It did not hold within the deadline (default: 60 s).</exception>
    public static Task HoldsAsync(Func<Task<bool>> condition, string what, TimeSpan? deadline = null) =>
        SucceedsAsync(async () => _ = await condition() ? true : throw new InvalidOperationException($"Not so: {what}"), deadline);

    /// <inheritdoc cref="HoldsAsync(Func{Task{bool}}, string, TimeSpan?)"/>
    public static Task HoldsAsync(Func<bool> condition, string what, TimeSpan? deadline = null) =>
        HoldsAsync(() => Task.FromResult(condition()), what, deadline);

    /// <summary>Repeats <paramref name="attempt"/> until it does not throw.</summary>
    /// <exception cref="TimeoutException">It threw until the deadline (default: 60 s). The inner exception is the last one.</exception>
    public static async Task SucceedsAsync(Func<Task> attempt, TimeSpan? deadline = null)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await attempt();
                return;
            }
            catch (Exception e) when (clock.Elapsed > (deadline ?? DefaultDeadline))
            {
                throw new TimeoutException($"Not within {(deadline ?? DefaultDeadline).TotalSeconds} s: {e.Message}", e);
            }
            catch (Exception)
            {
                await Task.Delay(Interval);
            }
        }
    }
}
