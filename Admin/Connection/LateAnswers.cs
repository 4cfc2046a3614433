namespace MovieAspire.Admin.Connection;

/// <summary>The requests of a page that the API has not answered for a while, so that the layout can tell it: the page itself just waits.</summary>
public sealed class LateAnswers
{
    private int _count;

    /// <summary>True while there are some.</summary>
    public bool Any => Volatile.Read(ref _count) > 0;

    /// <summary>There are more or fewer of them. Raised on any thread.</summary>
    public event Action? Changed;

    internal void Add(int count)
    {
        Interlocked.Add(ref _count, count);
        Changed?.Invoke();
    }
}

/// <summary>Counts the requests that are late.</summary>
internal sealed class LateAnswerHandler(LateAnswers late) : DelegatingHandler
{
    /// <summary>What takes longer looks as if nothing happened.</summary>
    private static readonly TimeSpan Unnoticed = TimeSpan.FromSeconds(2);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = base.SendAsync(request, cancellationToken);
        try
        {
            return await answer.WaitAsync(Unnoticed, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            // On a busy machine it may have come before this runs.
            if (answer.IsCompleted)
            {
                return await answer;
            }
        }

        late.Add(1);
        try
        {
            return await answer;
        }
        finally
        {
            late.Add(-1);
        }
    }
}
