namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a resource appears in the manifest.</summary>
public sealed class ManifestPublishingCallbackAnnotation : IResourceAnnotation
{
    private ManifestPublishingCallbackAnnotation()
    {
    }

    /// <summary>The resource is left out.</summary>
    public static ManifestPublishingCallbackAnnotation Ignore { get; } = new();
}

/// <summary>The project does not trust the headers of a proxy when published.</summary>
public sealed class DisableForwardedHeadersAnnotation : IResourceAnnotation;
