using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;

namespace MovieAspire.Standalone.Hosting;

/// <summary>Names volumes so that AppHosts, and clones of one, do not share them.</summary>
internal static partial class VolumeName
{
    public static string Of<T>(IResourceBuilder<T> builder, string suffix)
        where T : IResource
    {
        var application = builder.ApplicationBuilder;
        // Clones run beside each other and have volumes of their own; what is published is the same from each of them.
        var identity = application.ExecutionContext.IsPublishMode && AppHostMetadata.ProjectName(application.AppHostAssembly) is { } projectName
            ? projectName.ToLowerInvariant()
            : application.AppHostDirectory;
        return $"{Forbidden().Replace(application.Environment.ApplicationName, "-")}-{AppHostMetadata.ShortHash(identity)}-{builder.Resource.Name}-{suffix}".ToLowerInvariant();
    }

    [GeneratedRegex("[^a-zA-Z0-9_.-]")]
    private static partial Regex Forbidden();
}
