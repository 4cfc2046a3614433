namespace MovieAspire.Deploy.Tests.Engine;

/// <summary>The tests that use the container engine: one after the other, with the same images.</summary>
[CollectionDefinition(Name)]
public sealed class ContainerTests : ICollectionFixture<Images>
{
    public const string Name = "containers";
}
