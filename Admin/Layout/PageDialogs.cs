using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace MovieAspire.Admin.Layout;

/// <summary>Dialogs of a page, one at a time: the second click of a double click comes before the dialog of the first covers the page.</summary>
internal sealed class PageDialogs(IDialogService dialogs)
{
    private bool _isOpen;

    /// <summary>Returns what was answered; null where a dialog is open already.</summary>
    public async Task<DialogResult?> AskAsync<TDialog>(string title, DialogParameters<TDialog> parameters, DialogOptions? options = null)
        where TDialog : IComponent
    {
        if (_isOpen)
        {
            return null;
        }

        _isOpen = true;
        try
        {
            var dialog = await dialogs.ShowAsync<TDialog>(title, parameters, options ?? new());
            return await dialog.Result;
        }
        finally
        {
            _isOpen = false;
        }
    }
}
