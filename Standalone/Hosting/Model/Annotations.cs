namespace Aspire.Hosting.ApplicationModel;

/// <summary>The resource starts on demand only.</summary>
public sealed class ExplicitStartupAnnotation : IResourceAnnotation;

/// <summary>Names a registered health check that tells whether the resource is usable.</summary>
public class HealthCheckAnnotation(string key) : IResourceAnnotation
{
    public string Key { get; } = key;
}

/// <summary>How many instances of a project run.</summary>
public sealed class ReplicaAnnotation(int replicas = 1) : IResourceAnnotation
{
    public int Replicas { get; } = replicas;
}

/// <summary>The image of a container.</summary>
public sealed class ContainerImageAnnotation : IResourceAnnotation
{
    public string? Registry { get; set; }

    public required string Image { get; set; }

    public string? Tag { get; set; }

    public string? SHA256 { get; set; }

    internal string FullName => $"{(Registry is null ? "" : Registry + "/")}{Image}{(SHA256 is null ? $":{Tag ?? "latest"}" : $"@sha256:{SHA256}")}";
}

/// <summary>What a mount of a container is backed by.</summary>
public enum ContainerMountType
{
    BindMount,
    Volume,
}

/// <summary>Storage of a container that outlives it.</summary>
public sealed class ContainerMountAnnotation(string? source, string target, ContainerMountType type, bool isReadOnly) : IResourceAnnotation
{
    public string? Source { get; } = source;

    public string Target { get; } = target;

    public ContainerMountType Type { get; } = type;

    public bool IsReadOnly { get; } = isReadOnly;
}

/// <summary>A relation that a dashboard shows, such as "Parent" or "Reference".</summary>
public sealed class ResourceRelationshipAnnotation(IResource resource, string type) : IResourceAnnotation
{
    public IResource Resource { get; } = resource;

    public string Type { get; } = type;
}

/// <summary>How an icon is drawn.</summary>
public enum IconVariant
{
    Regular,
    Filled,
}

/// <summary>The icon of a resource on the dashboard.</summary>
public sealed class ResourceIconAnnotation(string iconName, IconVariant iconVariant = IconVariant.Filled) : IResourceAnnotation
{
    public string IconName { get; } = iconName;

    public IconVariant IconVariant { get; } = iconVariant;
}
