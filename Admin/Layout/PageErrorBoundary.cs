using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace MovieAspire.Admin.Layout;

/// <summary>
/// Logs what is wrong with a page, but not that its tab was closed while a component waited for the browser: the charts do.
/// </summary>
public sealed class PageErrorBoundary : ErrorBoundary
{
    protected override Task OnErrorAsync(Exception exception) =>
        exception is JSDisconnectedException ? Task.CompletedTask : base.OnErrorAsync(exception);
}
