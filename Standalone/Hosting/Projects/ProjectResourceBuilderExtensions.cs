using Aspire.Hosting.ApplicationModel;
using MovieAspire.Standalone.Hosting;

namespace Aspire.Hosting;

/// <summary>Adds .NET projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new() => Add(builder, name, new TProject(), null);

    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name, string? launchProfileName)
        where TProject : IProjectMetadata, new() => Add(builder, name, new TProject(), launchProfileName);

    public static IResourceBuilder<ProjectResource> AddProject(this IDistributedApplicationBuilder builder, string name, string projectPath) =>
        builder.AddProject(name, projectPath, null);

    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder, string name, string projectPath, string? launchProfileName) =>
        Add(builder, name, new ProjectMetadata(Path.GetFullPath(projectPath, builder.AppHostDirectory)), launchProfileName);

    /// <summary>Runs several instances. Without Aspire's proxy in front, each listens on a port of its own, the first on the resource's.</summary>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas) =>
        builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);

    /// <summary>Publishes without trusting the headers of a proxy.</summary>
    public static IResourceBuilder<ProjectResource> DisableForwardedHeaders(this IResourceBuilder<ProjectResource> builder) =>
        builder.WithAnnotation(new DisableForwardedHeadersAnnotation(), ResourceAnnotationMutationBehavior.Replace);

    private static IResourceBuilder<ProjectResource> Add(IDistributedApplicationBuilder builder, string name, IProjectMetadata metadata, string? launchProfileName)
    {
        var project = builder.AddResource(new ProjectResource(name)).WithAnnotation(metadata);
        project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory");
        var launch = LaunchSettingsFile.Choose(metadata, launchProfileName);
        if (builder.ExecutionContext.IsPublishMode)
        {
            ProjectPublishing.Configure(project, isWeb: launch?.Profile.ApplicationUrl is not null);
            return project;
        }

        return launch is { } chosen ? project.WithLaunchProfile(chosen.Name, chosen.Profile) : project;
    }

    private static IResourceBuilder<ProjectResource> WithLaunchProfile(this IResourceBuilder<ProjectResource> project, string name, LaunchProfile profile)
    {
        var count = new Dictionary<string, int>();
        foreach (var url in (profile.ApplicationUrl ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // Hosts such as "*" and "+" are no URI, and only scheme and port matter here.
            var uri = new Uri(url.Replace("*", "localhost", StringComparison.Ordinal).Replace("+", "localhost", StringComparison.Ordinal));
            var index = count[uri.Scheme] = count.GetValueOrDefault(uri.Scheme) + 1;
            project.WithEndpoint(index == 1 ? uri.Scheme : $"{uri.Scheme}{index}", endpoint =>
            {
                endpoint.UriScheme = uri.Scheme;
                endpoint.Port = uri.Port == 0 ? null : uri.Port;
            });
        }

        return project.WithEnvironment(context =>
        {
            context.EnvironmentVariables.TryAdd("DOTNET_LAUNCH_PROFILE", name);
            foreach (var (variable, value) in profile.EnvironmentVariables)
            {
                context.EnvironmentVariables.TryAdd(variable, Environment.ExpandEnvironmentVariables(value));
            }
        });
    }
}
