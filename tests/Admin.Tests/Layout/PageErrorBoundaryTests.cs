using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.JSInterop;
using MovieAspire.Admin.Layout;

namespace MovieAspire.Admin.Tests.Layout;

public sealed class PageErrorBoundaryTests
{
    [Fact]
    public async Task Mistake_of_a_page_is_logged()
    {
        var mistake = new InvalidOperationException("a mistake");

        Assert.Equal([mistake], await LogOfAsync(mistake));
    }

    [Fact]
    public async Task Tab_that_was_closed_while_its_page_waited_for_it_is_not_logged() =>
        Assert.Empty(await LogOfAsync(new JSDisconnectedException("closed")));

    private static async Task<List<Exception>> LogOfAsync(Exception exception)
    {
        var log = new Log();
        await using var services = new ServiceCollection().AddLogging().AddSingleton<IErrorBoundaryLogger>(log).BuildServiceProvider();
        await using var renderer = ActivatorUtilities.CreateInstance<HtmlRenderer>(services);
        RenderFragment page = builder =>
        {
            builder.OpenComponent<Failing>(0);
            builder.AddComponentParameter(1, nameof(Failing.Exception), exception);
            builder.CloseComponent();
        };
        await renderer.Dispatcher.InvokeAsync(() => renderer.RenderComponentAsync<PageErrorBoundary>(
            ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(PageErrorBoundary.ChildContent)] = page })));
        return log.Exceptions;
    }

    private sealed class Failing : ComponentBase
    {
        [Parameter]
        public Exception? Exception { get; set; }

        protected override void OnInitialized() => throw Exception!;
    }

    private sealed class Log : IErrorBoundaryLogger
    {
        public List<Exception> Exceptions { get; } = [];

        public ValueTask LogErrorAsync(Exception exception)
        {
            Exceptions.Add(exception);
            return ValueTask.CompletedTask;
        }
    }
}
