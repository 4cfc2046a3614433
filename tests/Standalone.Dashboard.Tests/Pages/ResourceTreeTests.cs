using MovieAspire.Standalone.Dashboard.Pages.Resources;
using MovieAspire.Standalone.Dashboard.Resources;
using MovieAspire.Standalone.Dashboard.Tests.Support;

namespace MovieAspire.Standalone.Dashboard.Tests.Pages;

public sealed class ResourceTreeTests
{
    [Fact]
    public void Parts_of_parts_stand_below_what_they_are_part_of() =>
        Assert.Equal(
            [("postgres", 0), ("moviedb", 1), ("backup", 2), ("api", 0)],
            Rows(Part("postgres", null), Part("api", null), Part("backup", "moviedb"), Part("moviedb", "postgres")));

    [Fact]
    public void What_is_part_of_itself_or_of_something_hidden_is_shown() =>
        Assert.Equal([("lost", 0), ("a", 0), ("b", 1)], Rows(Part("a", "b"), Part("b", "a"), Part("lost", "hidden")));

    private static IEnumerable<(string Name, int Depth)> Rows(params ResourceSnapshot[] resources) =>
        ResourceTree.Of(resources).Select(row => (row.Resource.Name, row.Depth));

    private static ResourceSnapshot Part(string name, string? parent) => TestResources.Running(name) with { Parent = parent };
}
