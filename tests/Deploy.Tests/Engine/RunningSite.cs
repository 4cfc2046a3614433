namespace MovieAspire.Deploy.Tests.Engine;

/// <summary>A deployed site for the test classes of one collection, which run in turn. Each test leaves it serving.</summary>
public sealed class RunningSite : IAsyncLifetime
{
    public const string Collection = "running site";
    private readonly Images _images = new();

    internal Site Site { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await _images.InitializeAsync();
        if (Docker.IsThere)
        {
            Site = await Site.DeployedAsync(("ALLOWED_HOSTS", "127.0.0.1"));
        }
    }

    public async Task DisposeAsync()
    {
        if (Site is not null)
        {
            await Site.DisposeAsync();
        }

        await _images.DisposeAsync();
    }

    [CollectionDefinition(Collection)]
    public sealed class Definition : ICollectionFixture<RunningSite>;
}
