namespace MovieAspire.Deploy.Tests.Engine;

/// <summary>A site with data to be moved away; tests leave it as it was.</summary>
public sealed class FilledSite(Images images) : IAsyncLifetime
{
    internal Site Site { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (ContainerFactAttribute.EngineIsThere)
        {
            Site = await Site.DeployedAsync(images, ("SEED_PROFILE", "demo"));
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
