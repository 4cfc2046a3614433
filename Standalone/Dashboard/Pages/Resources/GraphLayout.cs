using MovieAspire.Standalone.Dashboard.Resources;

namespace MovieAspire.Standalone.Dashboard.Pages.Resources;

/// <summary>Places resources in columns: each stands to the right of all that it needs.</summary>
internal sealed class GraphLayout
{
    public const int NodeWidth = 200;
    public const int NodeHeight = 64;
    public const int GapX = 90;

    /// <summary>Where arrows pass that go over all nodes.</summary>
    public const int Above = 20;
    private const int GapY = 28;
    private const int Margin = 12;

    public GraphLayout(IReadOnlyList<ResourceSnapshot> resources)
    {
        var byName = resources.ToDictionary(resource => resource.Name);
        Edges = [.. resources.SelectMany(resource => Needs(resource).Where(edge => byName.ContainsKey(edge.To)))];
        // That what one waits for waits for others in turn goes without saying.
        Edges = [.. Edges.Where(edge => !edge.IsWait || !Edges.Any(first => first.From == edge.From && first != edge && Reaches(first.To, edge.To, [])))];
        var columns = resources.GroupBy(resource => Depth(resource.Name, [])).OrderBy(group => group.Key).Select(group => group.ToList()).ToList();
        var rows = columns.Max(column => column.Count);
        for (var x = 0; x < columns.Count; x++)
        {
            var column = columns[x].OrderBy(resource => Barycenter(resource.Name)).ToList();
            var top = Margin + Overhead + (rows - column.Count) * (NodeHeight + GapY) / 2;
            for (var y = 0; y < column.Count; y++)
            {
                Nodes[column[y].Name] = new Node(column[y], x, Margin + x * (NodeWidth + GapX), top + y * (NodeHeight + GapY));
            }
        }

        Width = 2 * Margin + columns.Count * (NodeWidth + GapX) - GapX;
        Height = 2 * Margin + Overhead + rows * (NodeHeight + GapY) - GapY;
    }

    /// <summary>Room above the nodes for arrows that pass over others.</summary>
    public int Overhead => Edges.Any(edge => Math.Abs(Depth(edge.From, []) - Depth(edge.To, [])) > 1) ? 34 : 0;

    public int Width { get; }

    public int Height { get; }

    public Dictionary<string, Node> Nodes { get; } = [];

    public IReadOnlyList<Edge> Edges { get; }

    // What is both used and waited for is one edge.
    private static IEnumerable<Edge> Needs(ResourceSnapshot resource) => resource.References
        .Concat(resource.Parent is { } parent ? [parent] : []).Select(name => new Edge(resource.Name, name, IsWait: false))
        .Concat(resource.Waits.Select(wait => new Edge(resource.Name, wait.Resource, IsWait: true)))
        .DistinctBy(edge => edge.To);

    private int Depth(string name, HashSet<string> path)
    {
        // A circle of references is legal; it must not be walked for ever.
        if (!path.Add(name))
        {
            return 0;
        }

        var depth = Edges.Where(edge => edge.From == name).Select(edge => Depth(edge.To, path) + 1).DefaultIfEmpty(0).Max();
        path.Remove(name);
        return depth;
    }

    private bool Reaches(string from, string to, HashSet<string> path) =>
        from == to || (path.Add(from) && Edges.Where(edge => edge.From == from).Any(edge => Reaches(edge.To, to, path)));

    // Near what it needs, so that fewer lines cross.
    private double Barycenter(string name) =>
        Edges.Where(edge => edge.From == name && Nodes.ContainsKey(edge.To)).Select(edge => (double)Nodes[edge.To].Y).DefaultIfEmpty(0).Average();

    /// <summary>A placed resource.</summary>
    public sealed record Node(ResourceSnapshot Resource, int Column, int X, int Y);

    /// <summary>A need.</summary>
    public sealed record Edge(string From, string To, bool IsWait);
}
