using System.Collections.Concurrent;

namespace MovieAspire.Standalone.Dashboard.Pages.Shared;

/// <summary>Gives each resource a colour of its own, the same on every page, in order of appearance.</summary>
internal sealed class ResourceColors
{
    private const int Colors = 8;
    private readonly ConcurrentDictionary<string, int> _indexes = new();

    /// <summary>The class of the style sheet.</summary>
    public string Class(string resource) =>
        $"c{(_indexes.Count < 1000 ? _indexes.GetOrAdd(resource, _ => _indexes.Count) : _indexes.GetValueOrDefault(resource)) % Colors}";
}
