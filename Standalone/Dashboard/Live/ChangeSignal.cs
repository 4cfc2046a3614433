namespace MovieAspire.Standalone.Dashboard.Live;

/// <summary>Wakes whoever waits for a change. It does not queue: one who was busy meanwhile sees a single change.</summary>
internal sealed class ChangeSignal
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends at the next change. Take it before you read the state, so that no change falls between.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Set() =>
        Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
