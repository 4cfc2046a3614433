namespace MovieAspire.Deploy.Tests.Engine;

/// <summary>A deployed site that the tests of a class share; each leaves it serving.</summary>
public sealed class RunningSite(Images images) : IAsyncLifetime
{
    internal Site Site { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (ContainerFactAttribute.EngineIsThere)
        {
            Site = await Site.DeployedAsync(images);
        }
    }

    public async Task DisposeAsync()
    {
        if (Site is not null)
        {
            await Site.DisposeAsync();
        }
    }
}
