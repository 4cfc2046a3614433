namespace MovieAspire.AppHost;

/// <summary>What an empty database is filled with where the application is published.</summary>
internal static class PublishedSeed
{
    /// <summary>Says it in the published files. The worker's own default is the demonstration, whose invented people no real site wants.</summary>
    /// <param name="worker">Who seeds.</param>
    /// <param name="profile">A profile of the worker: demo, films or none.</param>
    public static IResourceBuilder<ProjectResource> WithPublishedSeed(this IResourceBuilder<ProjectResource> worker, string profile) =>
        worker.ApplicationBuilder.ExecutionContext.IsPublishMode ? worker.WithEnvironment("Seed__Profile", profile) : worker;
}
