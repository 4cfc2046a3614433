using Aspire.Hosting.ApplicationModel;

namespace MovieAspire.Standalone.Hosting;

/// <summary>The reverse of the order in which resources depend on each other.</summary>
internal static class StopOrder
{
    /// <summary>Groups that can stop together, dependants first.</summary>
    public static IEnumerable<IReadOnlyList<ResourceInstance>> Of(IEnumerable<ResourceInstance> instances) => instances
        .GroupBy(i => Depth(i.Resource, []))
        .OrderByDescending(level => level.Key)
        .Select(level => level.ToList());

    private static int Depth(IResource resource, HashSet<IResource> path)
    {
        // Resources that wait for each other never started; any order will do.
        if (!path.Add(resource))
        {
            return 0;
        }

        var depth = Dependencies.Of(resource).Select(w => Depth(w.Resource, path) + 1).DefaultIfEmpty(0).Max();
        path.Remove(resource);
        return depth;
    }
}
