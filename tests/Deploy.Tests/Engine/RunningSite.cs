namespace MovieAspire.Deploy.Tests.Engine;

/// <summary>The deployed site that tests share; each leaves it serving.</summary>
public sealed class RunningSite(Images images) : IAsyncLifetime
{
    internal Site Site { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (ContainerFactAttribute.EngineIsThere)
        {
            Site = await images.SharedSiteAsync();
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;
}
