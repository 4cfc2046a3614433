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
        return $"{Forbidden().Replace(application.Environment.ApplicationName, "-")}-{AppHostMetadata.ShortHash(application.AppHostDirectory)}-{builder.Resource.Name}-{suffix}".ToLowerInvariant();
    }

    [GeneratedRegex("[^a-zA-Z0-9_.-]")]
    private static partial Regex Forbidden();
}
