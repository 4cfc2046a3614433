using Polly.Timeout;

namespace MovieAspire.Admin.Connection;

/// <summary>
/// Gives up on an API that takes a request and then says nothing, not even that it is alive, such as a proxy whose server has ended. One that
/// is only slow is waited for.
/// </summary>
internal sealed class LivenessHandler : DelegatingHandler
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(3);

    /// <summary>A restart takes about 5 s, and proxies pass on what they have kept meanwhile.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(9);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answer = base.SendAsync(request, given.Token);
        try
        {
            return await answer.WaitAsync(Usual, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            // On a busy machine it may have come before this runs.
            if (answer.IsCompleted)
            {
                return await answer;
            }
        }

        using var asking = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        asking.CancelAfter(Silence);
        var silent = IsSilentAsync(new(request.RequestUri!, "/alive"), asking.Token);
        if (await Task.WhenAny(answer, silent) == silent && await silent)
        {
            await given.CancelAsync();
        }

        await asking.CancelAsync();
        try
        {
            return await answer;
        }
        catch (OperationCanceledException e) when (given.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutRejectedException("The API is not alive.", e);
        }
    }

    private async Task<bool> IsSilentAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var question = new HttpRequestMessage(HttpMethod.Get, address);
            using var answer = await base.SendAsync(question, cancellationToken);
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        catch (HttpRequestException)
        {
            // One that ends takes no new connections, and still answers what it has.
            return false;
        }
    }
}
