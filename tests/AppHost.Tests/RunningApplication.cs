using Aspire.Hosting;

namespace MovieAspire.AppHost.Tests;

/// <summary>
/// An application with everything, for one test class or for those of a collection, which run in turn. Each test leaves it with all movies.
/// </summary>
public sealed class RunningApplication : IAsyncLifetime
{
    public const string Collection = "running application";

    /// <summary>Where pictures for the documentation are taken; null if none are.</summary>
    public static readonly string? PictureFolder = Environment.GetEnvironmentVariable("SCREENSHOTS");

    internal string Backups { get; } = Directory.CreateTempSubdirectory("movieaspire-backups-").FullName;

    internal TestApplication Application { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        // Ratings, which take longer, are for the pictures.
        var seed = PictureFolder is null ? "movies" : "demo";
        Application = await TestApplication.StartAsync(
            "process",
            dashboard: true,
            worker => worker.WithEnvironment("Backup__Folder", Backups).WithEnvironment("Seed__Profile", seed));
        await Application.BecomesHealthyAsync("moviedb");
        await Application.BecomesHealthyAsync("admin");
    }

    public async Task DisposeAsync()
    {
        await Application.DisposeAsync();
        Directory.Delete(Backups, recursive: true);
    }

    [CollectionDefinition(Collection)]
    public sealed class Definition : ICollectionFixture<RunningApplication>;
}
