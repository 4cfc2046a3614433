using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Logging;

namespace MovieAspire.Standalone.Dashboard.Pages;

/// <summary>Turns Razor components into HTML. There is no circuit and no script of the framework: what a page shows is in its HTML.</summary>
internal sealed class PageRenderer(IServiceProvider services, ILoggerFactory loggerFactory)
{
    /// <summary>A whole page.</summary>
    public Task<string> RenderPageAsync<TPage>(PageRequest request)
        where TPage : IPage =>
        RenderAsync<Layout>(new Dictionary<string, object?>
        {
            [nameof(Layout.Title)] = TPage.Title,
            [nameof(Layout.View)] = typeof(TPage),
            [nameof(Layout.Request)] = request,
        });

    /// <summary>The part of a page that changes.</summary>
    public Task<string> RenderContentAsync(Type view, PageRequest request) =>
        RenderAsync<Content>(new Dictionary<string, object?> { [nameof(Content.View)] = view, [nameof(Content.Request)] = request });

    /// <summary>Any component.</summary>
    public async Task<string> RenderAsync<TComponent>(Dictionary<string, object?> parameters)
        where TComponent : IComponent
    {
        await using var renderer = new HtmlRenderer(services, loggerFactory);
        return await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters))).ToHtmlString());
    }
}
