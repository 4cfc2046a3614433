namespace MovieAspire.Admin.Tests.Support;

internal static class Keys
{
    /// <summary>Presses the Enter key at a button as soon as it can be pressed: unlike a click, a key does not wait for it.</summary>
    public static async Task PressEnterAsync(this ILocator button)
    {
        await Expect(button).ToBeEnabledAsync();
        await button.PressAsync("Enter");
    }
}
