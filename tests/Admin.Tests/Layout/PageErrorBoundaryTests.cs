using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.RenderTree;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
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

    [Fact]
    public async Task Page_that_was_left_takes_no_memory()
    {
        var log = new Log();
        await using var services = new ServiceCollection().AddSingleton<IErrorBoundaryLogger>(log).BuildServiceProvider();
        await using var tab = new Tab(services);
        List<WeakReference> first = [], second = [];

        await tab.ShowAsync(first);
        await tab.ShowAsync(second);

        GC.Collect();
        Assert.False(Assert.Single(first).IsAlive);
        Assert.True(Assert.Single(second).IsAlive);
        Assert.Empty(log.Exceptions);
    }

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

    private sealed class Page : ComponentBase
    {
        [Parameter]
        public List<WeakReference>? Instances { get; set; }

        protected override void OnInitialized() => Instances!.Add(new(this));
    }

#pragma warning disable BL0006 // The framework's renderers need a connection, or render once only.
    /// <summary>Renders as a circuit does, for a browser that shows nothing.</summary>
    private sealed class Tab : Renderer
    {
        private readonly int _boundary;

        public Tab(IServiceProvider services)
            : base(services, NullLoggerFactory.Instance) => _boundary = AssignRootComponentId(InstantiateComponent(typeof(PageErrorBoundary)));

        public override Dispatcher Dispatcher { get; } = Dispatcher.CreateDefault();

        public Task ShowAsync(List<WeakReference> instances)
        {
            RenderFragment page = builder =>
            {
                builder.OpenComponent<Page>(0);
                builder.SetKey(instances);
                builder.AddComponentParameter(1, nameof(Page.Instances), instances);
                builder.CloseComponent();
            };
            return Dispatcher.InvokeAsync(() => RenderRootComponentAsync(
                _boundary, ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(PageErrorBoundary.ChildContent)] = page })));
        }

        protected override void HandleException(Exception exception) => throw exception;

        protected override Task UpdateDisplayAsync(in RenderBatch renderBatch) => Task.CompletedTask;
    }
#pragma warning restore BL0006

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
