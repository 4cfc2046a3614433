using Microsoft.AspNetCore.Components;

namespace MovieAspire.Standalone.Dashboard.Pages;

/// <summary>A component that is a page.</summary>
internal interface IPage : IComponent
{
    /// <summary>Its name in the browser's title.</summary>
    static abstract string Title { get; }
}
