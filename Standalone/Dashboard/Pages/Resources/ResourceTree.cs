using MovieAspire.Standalone.Dashboard.Resources;

namespace MovieAspire.Standalone.Dashboard.Pages.Resources;

/// <summary>Resources in the order in which they are read: parts stand below what they are part of.</summary>
internal static class ResourceTree
{
    /// <summary>Every resource once, with how many stand above it.</summary>
    public static IReadOnlyList<(ResourceSnapshot Resource, int Depth)> Of(IReadOnlyList<ResourceSnapshot> resources)
    {
        var names = resources.Select(resource => resource.Name).ToHashSet();
        var children = resources.ToLookup(resource => names.Contains(resource.Parent ?? "") ? resource.Parent! : "");
        var rows = new List<(ResourceSnapshot Resource, int Depth)>();
        Place(children[""], 0);

        // What is part of itself hangs below nothing; it is shown all the same.
        Place(resources.Where(resource => !IsPlaced(resource)), 0);
        return rows;

        bool IsPlaced(ResourceSnapshot resource) => rows.Exists(row => row.Resource == resource);

        void Place(IEnumerable<ResourceSnapshot> some, int depth)
        {
            foreach (var resource in some.Where(resource => !IsPlaced(resource)))
            {
                rows.Add((resource, depth));
                Place(children[resource.Name], depth + 1);
            }
        }
    }
}
