using MovieAspire.Admin.Connection;

namespace MovieAspire.Admin.Tests.Connection;

/// <summary>The handlers that look again after a time whether there is an answer.</summary>
public sealed class PatienceTests
{
    [Theory]
    [InlineData(nameof(LivenessHandler))]
    [InlineData(nameof(LateAnswerHandler))]
    public async Task Answer_that_comes_just_as_the_time_ends_is_given(string name)
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        using DelegatingHandler handler = name == nameof(LivenessHandler) ? new LivenessHandler() : new LateAnswerHandler(new());
        handler.InnerHandler = new Answers(answer.Task);
        using var client = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("http://api.example.org/api/v1/movies"));
        using var response = new HttpResponseMessage();
        var former = SynchronizationContext.Current;

        Task<HttpResponseMessage> sent;
        SynchronizationContext.SetSynchronizationContext(new BusyMachine(() => answer.TrySetResult(response)));
        try
        {
            sent = client.SendAsync(request, CancellationToken.None);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(former);
        }

        Assert.Same(response, await sent);
    }

    private sealed class Answers(Task<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer;
    }

    /// <summary>Does something else first, each time that work is to go on.</summary>
    private sealed class BusyMachine(Action other) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
            other();
            base.Post(d, state);
        }
    }
}
