using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace MovieAspire.Admin.Layout;

/// <summary>
/// Logs what is wrong with a page, but not that its tab was closed while a component waited for the browser: the charts do.
/// </summary>
public sealed class PageErrorBoundary : ErrorBoundary
{
    private bool _holdsLastPage;

    protected override void OnParametersSet()
    {
        base.OnParametersSet();
        _holdsLastPage = true;
    }

    // Blazor keeps what a component has rendered last until it renders again: the page that was left, with all that it had loaded.
    protected override void OnAfterRender(bool firstRender)
    {
        if (_holdsLastPage)
        {
            _holdsLastPage = false;
            StateHasChanged();
        }
    }

    protected override Task OnErrorAsync(Exception exception) =>
        exception is JSDisconnectedException ? Task.CompletedTask : base.OnErrorAsync(exception);
}
