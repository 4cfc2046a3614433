namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something that the application is made of: a project, a server, a database, a parameter.</summary>
public interface IResource
{
    string Name { get; }

    ResourceAnnotationCollection Annotations { get; }
}

/// <summary>A fact attached to a resource.</summary>
public interface IResourceAnnotation;

/// <summary>What the extension methods of the builder may be applied to; each marks an ability of a resource.</summary>
public interface IResourceWithEndpoints : IResource;

/// <inheritdoc cref="IResourceWithEndpoints"/>
public interface IResourceWithEnvironment : IResource;

/// <inheritdoc cref="IResourceWithEndpoints"/>
public interface IResourceWithArgs : IResource;

/// <inheritdoc cref="IResourceWithEndpoints"/>
public interface IResourceWithWaitSupport : IResource;

/// <inheritdoc cref="IResourceWithEndpoints"/>
public interface IResourceWithProbes : IResource;

/// <inheritdoc cref="IResourceWithEndpoints"/>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

/// <summary>A resource that is deployed as a running program.</summary>
public interface IComputeResource : IResource;

/// <summary>An environment into which compute resources are published.</summary>
public interface IComputeEnvironmentResource : IResource;

/// <summary>A resource that lives inside another one.</summary>
public interface IResourceWithParent : IResource
{
    IResource Parent { get; }
}

/// <inheritdoc cref="IResourceWithParent"/>
public interface IResourceWithParent<out T> : IResourceWithParent
    where T : IResource
{
    new T Parent { get; }

    IResource IResourceWithParent.Parent => Parent;
}
