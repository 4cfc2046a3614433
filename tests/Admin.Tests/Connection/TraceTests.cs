using System.Diagnostics;
using MovieAspire.Admin.Connection;

namespace MovieAspire.Admin.Tests.Connection;

public sealed class TraceTests
{
    [Fact]
    public async Task What_a_click_asks_for_is_one_trace_apart_from_that_of_the_connection()
    {
        using var connections = new ActivitySource(nameof(TraceTests));
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source == connections || source.Name == "MovieAspire.Admin",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using var connection = connections.StartActivity("a connection");
        Assert.NotNull(connection);
        Activity? click = null, inner = null;

        await ApiError.CatchAsync(async () =>
        {
            click = Activity.Current;
            await ApiError.CatchAsync(() =>
            {
                inner = Activity.Current;
                return Task.CompletedTask;
            });
        });

        Assert.Equal($"{nameof(TraceTests)}.{nameof(What_a_click_asks_for_is_one_trace_apart_from_that_of_the_connection)}", click?.OperationName);
        Assert.Null(click!.Parent);
        Assert.NotEqual(connection.TraceId, click.TraceId);
        Assert.Same(click, inner?.Parent);
    }
}
